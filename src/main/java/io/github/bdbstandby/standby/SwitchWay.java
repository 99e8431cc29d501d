package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * That a snapshot's switch can put everything in its place: where a directory has become a file, or
 * a file a directory, nothing may lie there but what the switch removes.
 */
final class SwitchWay {
  private final StandbyDirectory standby;

  /** What the switch removes; looked for when something is in the way. */
  private Set<Path> leaving = Set.of();

  SwitchWay(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Looks ahead, by what the source has. */
  void check(Source source, EnvironmentFiles found, Layout layout) throws IOException {
    if (new Journal(standby).isOpen()) {
      return; // its manifest does not tell what is there, until that has ended
    }
    check(Places.of(found, layout, source.dataDirectories(), standby.home()));
  }

  /** Looks at what is about to move. */
  void checkImage() throws IOException {
    check(Places.ofImage(standby.image(), standby.home()));
  }

  private void check(Places coming) throws IOException {
    if (Files.isDirectory(standby.home())) {
      coming.judge(this::refuse);
    }
  }

  private void refuse(Path place, List<Path> there) throws IOException {
    if (leaving.isEmpty()) {
      leaving = Set.copyOf(OldEnvironment.files(standby, List.of()));
    }
    Way.refuse(place, there.stream().filter(each -> !leaving.contains(each)).findFirst());
  }
}
