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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a target around one recovery: so that it finds and leaves each under its name. */
public final class StagedNames {
  private final Target target;
  private final RecoveryStops.Stage stage;

  /** For that recovery of that target. */
  public StagedNames(Target target, RecoveryStops.Stage stage) {
    this.target = target;
    this.stage = stage;
  }

  /** Before it. */
  public void arrange() throws IOException {
    clear(); // what one that was cut off has left
    RecoveryStops.Moves moves = stage.moves();
    for (DatabaseFile file : withId(moves.unmade())) {
      DurableFiles.delete(file.path());
    }
    if (!moves.aside().isEmpty() || !moves.before().isEmpty()) {
      Files.createDirectories(target.aside());
    }
    putAside(moves.aside());
    for (String id : moves.before().keySet()) {
      Path place = target.home().resolve(moves.before().get(id));
      for (DatabaseFile file : withId(Set.of(id))) {
        if (!file.path().equals(place)) {
          move(file.path(), id, place);
        }
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
    for (String id : ids) {
      for (DatabaseFile file : withId(Set.of(id))) {
        DurableFiles.rename(file.path(), target.aside().resolve(id));
      }
    }
  }

  /** After it. */
  public void settle() throws IOException {
    if (stage.equals(RecoveryStops.Stage.LAST)) {
      return;
    }
    clear();
    // What recovery made in place of those that it did not see.
    for (DatabaseFile file : withId(stage.moves().aside())) {
      DurableFiles.delete(file.path());
    }
    for (DatabaseFile file : withId(stage.removed())) {
      DurableFiles.delete(file.path());
    }
    putBack(stage.moves().after());
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

  /** An encrypted file tells the beginning of its id only. */
  private List<DatabaseFile> withId(Collection<String> ids) throws IOException {
    List<DatabaseFile> found = new ArrayList<>();
    if (!ids.isEmpty()) {
      for (DatabaseFile file : target.files().databases()) {
        if (file.extent().isEmpty()
            && file.format()
                .map(PageFormat::fileId)
                .filter(id -> ids.stream().anyMatch(each -> each.startsWith(id)))
                .isPresent()) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
