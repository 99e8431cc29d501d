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
  private final Path source;

  /** What the switch removes; looked for when something is in the way. */
  private Set<Path> leaving = Set.of();

  /**
   * Looks at nothing yet.
   *
   * @param source its home: what was failed over to it leaves, too
   */
  SwitchWay(StandbyDirectory standby, Path source) {
    this.standby = standby;
    this.source = source;
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
      List<Path> logs =
          FormerPrimary.of(source, standby).map(FormerPrimary::logDirectories).orElse(List.of());
      leaving = Set.copyOf(OldEnvironment.files(standby, logs));
    }
    Way.refuse(place, there.stream().filter(each -> !leaving.contains(each)).findFirst());
  }
}
