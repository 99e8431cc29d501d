package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameReplay.Kind;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where in a target the files are that the log names: a name says nothing of the data directory,
 * and a file stays in that which it was made in.
 */
final class NamePlaces {
  private final Map<String, String> places;
  private final NavigableMap<String, Set<String>> names = new TreeMap<>();
  private final Map<String, Path> directories = new HashMap<>();
  private final Set<String> named;
  private final Set<NamedDirectory> needed;

  /**
   * For one recovery.
   *
   * @param present what lies in the target
   * @param layout where it has what the source has in its data directories
   */
  NamePlaces(List<LogRecord> log, EnvironmentFiles present, Layout layout) {
    this.places = places(present);
    this.named = NameRecords.named(log);
    this.needed = NameRecords.directories(log);
    for (LogRecord record : log) {
      if (record instanceof FileRenamed renamed && renamed.undoable()) {
        String id = renamed.fileId().toString();
        names.computeIfAbsent(id, key -> new HashSet<>()).add(renamed.oldName());
        names.get(id).add(renamed.newName());
        String directory = renamed.directory();
        if (directory != null && !directory.isEmpty() && layout == Layout.MIRROR) {
          directories.putIfAbsent(id, FileNames.toPath(directory));
        }
      }
    }
    ofEach(places, names.navigableKeySet()).forEach(this::look);
  }

  private void look(String id, String place) {
    nameAt(id, place)
        .filter(name -> place.endsWith("/" + name))
        .map(name -> place.substring(0, place.length() - name.length() - 1))
        .ifPresent(directory -> directories.put(id, FileNames.toPath(directory)));
  }

  /** Where files are of which all of the id is known. */
  static Map<String, String> ofEach(Map<String, String> places, NavigableSet<String> ids) {
    Map<String, String> each = new HashMap<>();
    places.forEach((shown, place) -> with(shown, ids).forEach(id -> each.put(id, place)));
    return each;
  }

  /** An encrypted file shows the beginning of its id only, in hex. */
  private static NavigableSet<String> with(String shown, NavigableSet<String> ids) {
    return ids.subSet(shown, true, shown + 'g', false);
  }

  /** Which of its names a file has there. */
  private Optional<String> nameAt(String id, String place) {
    return names.getOrDefault(id, Set.of()).stream()
        .filter(name -> isAt(place, name))
        .max(Comparator.comparing(String::length));
  }

  /**
   * Whether a file that lies there can be what the log calls so, in one data directory or another.
   */
  static boolean isAt(String place, String name) {
    return NameRecords.forms(name).stream()
        .anyMatch(form -> place.equals(form) || place.endsWith("/" + form));
  }

  /** By name in the log. */
  Map<String, Occupant> occupants() {
    Map<String, Occupant> occupants = new HashMap<>();
    places.forEach(
        (id, place) -> {
          NavigableSet<String> ids = with(id, names.navigableKeySet());
          String whole = ids.isEmpty() ? id : ids.first();
          occupants.put(nameAt(whole, place).orElse(place), new Occupant(whole, Kind.DATA));
        });
    return occupants;
  }

  /** From the target's home. */
  Path of(String id, String name) {
    Path path = FileNames.toPath(name);
    return directories.containsKey(id) ? directories.get(id).resolve(path).normalize() : path;
  }

  /** One that ends before the log does. */
  RecoveryStops.Stage early(NamePlan plan, Lsn end, RecoveryStops.Moves moves) {
    return stage(Optional.of(end), plan, moves, Map.of());
  }

  /** One of the whole log, with more of them to come. */
  RecoveryStops.Stage whole(NamePlan plan, RecoveryStops.Moves moves) {
    return stage(Optional.empty(), plan, moves, Map.of());
  }

  /**
   * The last.
   *
   * @param after what lies there afterwards
   */
  RecoveryStops.Stage last(NamePlan plan, RecoveryStops.Moves moves, Map<String, Occupant> after) {
    NamePlan again = new NamePlan(plan.log(), after, plan.lost(), Set.of(), RecoveryStops.ALL_IN);
    return stage(Optional.empty(), plan, moves, marks(again));
  }

  private RecoveryStops.Stage stage(
      Optional<Lsn> end, NamePlan plan, RecoveryStops.Moves moves, Map<Path, String> resting) {
    Map<Path, String> marks = marks(plan);
    marks.putAll(bars(plan.barred()));
    return new RecoveryStops.Stage(
        end, marks, moves, plan.gone(), resting, plan.changes().prepared(), named, needed);
  }

  /** The marks that keep files from being made, by id and name. */
  Map<Path, String> bars(Map<String, String> barred) {
    Map<Path, String> marks = new HashMap<>();
    barred.forEach((id, name) -> marks.put(of(id, name), BarredNames.OTHER));
    return marks;
  }

  private Map<Path, String> marks(NamePlan plan) {
    Map<Path, String> marks = new HashMap<>();
    plan.marks().forEach((name, id) -> marks.put(of(id, name), id));
    return marks;
  }

  /** By id: the files that lie there, and where. Extents are their queue's. */
  static Map<String, String> places(EnvironmentFiles files) {
    Map<String, String> places = new HashMap<>();
    all(files).forEach((id, each) -> places.put(id, each.get(each.size() - 1)));
    return places;
  }

  /** The same, where several files may have one id. */
  static NavigableMap<String, List<String>> all(EnvironmentFiles files) {
    NavigableMap<String, List<String>> places = new TreeMap<>();
    for (DatabaseFile file : files.databases()) {
      if (file.extent().isEmpty()) {
        file.format()
            .map(PageFormat::fileId)
            .ifPresent(
                id ->
                    places
                        .computeIfAbsent(id, key -> new ArrayList<>())
                        .add(FileNames.toName(file.relative())));
      }
    }
    return places;
  }
}
