package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.NameMark;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.NamedDirectory;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The files of a target around one recovery: so that it finds and leaves each under its name. */
public final class StagedNames {
  private final Target target;
  private final RecoveryStops.Stage stage;
  private final DisplacedFiles displaced;

  /** For that recovery of that target. */
  public StagedNames(Target target, RecoveryStops.Stage stage) {
    this.target = target;
    this.stage = stage;
    this.displaced = new DisplacedFiles(target);
  }

  /** Before it. */
  public void arrange() throws IOException {
    clear(!stage.undecided()); // what one that was cut off has left
    displaced.putBack();
    displaced.take(stage);
    for (NamedDirectory directory : stage.directories()) {
      make(directory);
    }
    RecoveryStops.Moves moves = stage.moves();
    delete(moves.unmade());
    putAside(moves.aside());
    new Rearrangement(target).run(moves.before());
    mark(stage.marks());
  }

  /**
   * As its neighbours are; it stays, for whoever recovers the target once more. Where a file is in
   * the way, or a link leads elsewhere, none is made.
   */
  private void make(NamedDirectory named) throws IOException {
    Path home = target.home().toRealPath(); // which may be a link; what is in it may not
    boolean apart = Files.isDirectory(home.resolve(named.data()));
    Path below = (apart ? named.data() : Path.of("")).resolve(named.below()).normalize();
    Path place = home.resolve(below);
    if (below.isAbsolute() || below.startsWith("..")) {
      return;
    }
    Path above = place;
    while (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
      above = above.getParent();
    }
    if (above.equals(place) || !Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    DurableFiles.createDirectories(place);
    for (Path each = place; !each.equals(above); each = each.getParent()) {
      FileModes.sameDirectory(above, each);
    }
  }

  private void mark(Map<Path, String> marks) throws IOException {
    for (Map.Entry<Path, String> mark : marks.entrySet()) {
      Path place = target.home().resolve(mark.getKey());
      Files.createDirectories(place.getParent());
      if (!Files.exists(place)) {
        NameMark.put(place, mark.getValue());
      }
    }
  }

  private void putAside(Set<String> ids) throws IOException {
    if (!ids.isEmpty()) {
      DurableFiles.createDirectories(target.aside());
    }
    for (Map.Entry<Path, String> each : Rearrangement.withId(target, ids).entrySet()) {
      DurableFiles.rename(each.getKey(), target.aside().resolve(each.getValue()));
    }
  }

  private void delete(Set<String> ids) throws IOException {
    for (Path file : Rearrangement.withId(target, ids).keySet()) {
      DurableFiles.delete(file);
    }
  }

  /** After it. */
  public void settle() throws IOException {
    if (stage.equals(RecoveryStops.Stage.LAST)) {
      return;
    }
    clear();
    // What recovery made in place of those that it did not see.
    delete(stage.moves().aside());
    delete(stage.removed());
    new Rearrangement(target).putBack(stage.moves().after());
    displaced.putBack();
    mark(stage.resting());
  }

  /** Takes away marks, and the placeholders that recovery made and did not name. */
  public void clear() throws IOException {
    clear(false);
  }

  private void clear(boolean named) throws IOException {
    for (Path placeholder : target.files().placeholders()) {
      if (named
          || EnvironmentFiles.isPassing(FileNames.toName(placeholder.getFileName()))
          || NameMark.isOne(placeholder)) {
        DurableFiles.delete(placeholder);
      }
    }
  }
}
