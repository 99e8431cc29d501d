package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.NameMark;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    clear(); // what one that was cut off has left
    displaced.putBack();
    displaced.take(stage);
    RecoveryStops.Moves moves = stage.moves();
    delete(moves.unmade());
    if (!moves.aside().isEmpty() || !moves.before().isEmpty()) {
      Files.createDirectories(target.aside());
    }
    putAside(moves.aside());
    for (Map.Entry<Path, String> each : withId(moves.before().keySet()).entrySet()) {
      Path place = target.home().resolve(moves.before().get(each.getValue()));
      if (!each.getKey().equals(place)) {
        move(each.getKey(), each.getValue(), place);
      }
    }
    putBack(moves.before());
    mark(stage.marks());
  }

  /**
   * In one rename where nothing is in the way: who is killed in between two leaves a file aside.
   */
  private void move(Path file, String id, Path place) throws IOException {
    if (Files.exists(place)) {
      DurableFiles.rename(file, target.aside().resolve(id));
    } else {
      Files.createDirectories(place.getParent());
      DurableFiles.rename(file, place);
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
    for (Map.Entry<Path, String> each : withId(ids).entrySet()) {
      DurableFiles.rename(each.getKey(), target.aside().resolve(each.getValue()));
    }
  }

  private void delete(Set<String> ids) throws IOException {
    for (Path file : withId(ids).keySet()) {
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
    putBack(stage.moves().after());
    displaced.putBack();
    mark(stage.resting());
  }

  private void putBack(Map<String, Path> places) throws IOException {
    for (Map.Entry<String, Path> each : places.entrySet()) {
      Path from = target.aside().resolve(each.getKey());
      if (Files.exists(from)) {
        Path place = target.home().resolve(each.getValue());
        Files.createDirectories(place.getParent());
        DurableFiles.rename(from, place);
      }
    }
  }

  /** Takes away marks, and the placeholders that recovery made and did not name. */
  public void clear() throws IOException {
    for (Path placeholder : target.files().placeholders()) {
      if (EnvironmentFiles.isPassing(FileNames.toName(placeholder.getFileName()))
          || NameMark.isOne(placeholder)) {
        DurableFiles.delete(placeholder);
      }
    }
  }

  /**
   * Files of these ids, and the id of each; an encrypted one tells the beginning of its own only.
   */
  private Map<Path, String> withId(Set<String> ids) throws IOException {
    Map<Path, String> found = new TreeMap<>();
    if (!ids.isEmpty()) {
      for (DatabaseFile file : target.files().databases()) {
        if (file.extent().isEmpty()) {
          file.format()
              .map(PageFormat::fileId)
              .flatMap(shown -> ids.stream().filter(id -> id.startsWith(shown)).findFirst())
              .ifPresent(id -> found.put(file.path(), id));
        }
      }
    }
    return found;
  }
}
