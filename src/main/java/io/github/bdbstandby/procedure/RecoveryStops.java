package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How recovery of a target follows what the log does to the names of databases. libdb 5.3 by itself
 * loses a database that one recovery makes and renames, or renames twice.
 *
 * <p>On its way back through the log recovery decides by the files that lie there whether a
 * renaming was done: it finds none under the old name, takes it for done, and on its way forward
 * removes what has that name by then ({@code __fop_file_remove_recover}). A mark under the old
 * name, in the form of the placeholders that libdb itself makes, and with the file's id, has it do
 * all again. Where two databases need one name, recovery ends in between.
 *
 * <pre>
 *   log                create A ---- fill A ---- rename A to B ----
 *   recovery           ------------------------------------------->   neither A nor B
 *   with a mark at A   ------------------------------------------->   B
 *   two                ------------------------->| --------------->   B
 * </pre>
 *
 * @param stages the recoveries, ascending; the last goes to the log's end
 * @param names what they must bring, by file id: a name, or that there is none
 * @param astray the name of a database that they would not bring
 * @param stranded the name of one that they bring, and that no recovery of the same log once more
 *     would, from what they have made
 * @param lost by file id, the names of databases that the source itself has lost
 */
public record RecoveryStops(
    List<Stage> stages,
    Map<String, Optional<String>> names,
    Optional<String> astray,
    Optional<String> stranded,
    Map<String, String> lost) {
  /** Nothing to heed. */
  public static final RecoveryStops NONE = plain(Stage.LAST);

  /** All of the log is in the target. */
  public static final Lsn ALL_IN = new Lsn(0xFFFF_FFFFL, 0);

  /** The records that it goes by. */
  public static final Set<LogRecordType> TYPES = NameChanges.TYPES;

  /** Keeps copies. */
  public RecoveryStops {
    stages = List.copyOf(stages);
    names = Map.copyOf(names);
    lost = Map.copyOf(lost);
  }

  /**
   * One recovery.
   *
   * @param end where it ends, if not with the log
   * @param marks the id that a file's place is held for
   * @param moves files that are put elsewhere for it
   * @param removed ids of files that are gone by then
   * @param resting marks that stay: with them libdb's own programs can recover the target once more
   * @param undecided whether libdb's placeholders may be those of a transaction that was prepared;
   *     else a recovery that was cut off has left them
   * @param named what the log makes, renames or removes: over a file there that is no database
   *     recovery would end with an error
   * @param directories what it makes and renames files in
   */
  public record Stage(
      Optional<Lsn> end,
      Map<Path, String> marks,
      Moves moves,
      Set<String> removed,
      Map<Path, String> resting,
      boolean undecided,
      Set<String> named,
      Set<NamedDirectory> directories) {
    /** One that needs nothing. */
    public static final Stage LAST = plain(Set.of(), List.of());

    /** Keeps copies. */
    public Stage {
      marks = Map.copyOf(marks);
      removed = Set.copyOf(removed);
      resting = Map.copyOf(resting);
      named = Set.copyOf(named);
      directories = Set.copyOf(directories);
    }

    /** Whether the log may mean a file that lies there. */
    public boolean names(String place) {
      return named.stream().anyMatch(name -> NamePlaces.isAt(place, name));
    }

    /** All places that it may mean, by the directories in which libdb looks for a name. */
    public Set<Path> places(Collection<Path> directories) {
      Objects.requireNonNull(directories, "directories");
      Set<Path> places = new HashSet<>();
      for (String name : named) {
        Path path = FileNames.toPath(name);
        directories.forEach(directory -> places.add(directory.resolve(path).normalize()));
      }
      return places;
    }

    /** The directories that recovery needs for such files, from that place. */
    public Set<Path> below(String place) {
      Set<Path> below = new HashSet<>();
      for (String name : named) {
        Path path = FileNames.toPath(name);
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
          if (above.getFileName() != null && NamePlaces.isAt(place, FileNames.toName(above))) {
            below.add(above.relativize(path.getParent()));
          }
        }
      }
      return below;
    }

    private static Stage plain(Set<String> removed, List<LogRecord> log) {
      return new Stage(
          Optional.empty(),
          Map.of(),
          Moves.NONE,
          removed,
          Map.of(),
          true,
          NameRecords.named(log),
          NameRecords.directories(log));
    }
  }

  /**
   * Where files are put, by id.
   *
   * @param before where they lie when recovery begins
   * @param unmade those that recovery makes anew
   * @param aside those that it must not see
   * @param after where these go when it has ended
   */
  public record Moves(
      Map<String, Path> before, Set<String> unmade, Set<String> aside, Map<String, Path> after) {
    /** All stay. */
    public static final Moves NONE = new Moves(Map.of(), Set.of(), Set.of(), Map.of());

    /** Keeps copies. */
    public Moves {
      before = Map.copyOf(before);
      unmade = Set.copyOf(unmade);
      aside = Set.copyOf(aside);
      after = Map.copyOf(after);
    }
  }

  /** The same, where a database is not followed for another reason, if any is not. */
  RecoveryStops or(Supplier<Optional<String>> other) {
    return astray.isPresent()
        ? this
        : new RecoveryStops(stages, names, other.get(), stranded, lost);
  }

  /** Those that end before the log does. */
  public List<Stage> early() {
    return stages.stream().filter(stage -> stage.end().isPresent()).toList();
  }

  /** The one after which the target is recovered. */
  public Stage last() {
    return stages.get(stages.size() - 1);
  }

  /** Those of the whole log, at least one. */
  public List<Stage> whole() {
    return stages.stream().filter(stage -> stage.end().isEmpty()).toList();
  }

  /**
   * Looks for them.
   *
   * @param log records of the log that recovery of the target will read, ascending; all {@link
   *     #TYPES} and maybe others
   * @param from what the target's history ends at: it is just what the source was then, or a cycle
   *     that began there was cut off
   * @param in the log up to here is in the target, so that no recovery can end before
   * @param target what lies in it now is looked at if anything was renamed
   */
  public static RecoveryStops find(
      List<LogRecord> log, Lsn from, Lsn in, Target target, Layout layout) throws IOException {
    List<LogRecord> names = NameRecords.ofNames(log);
    Optional<RecoveryStops> plain = plain(names);
    Set<String> lost = target.held().map(Target.Held::lost).orElse(Set.of());
    RecoveryStops found =
        plain.isPresent()
            ? plain.get().barring(names, target, layout)
            : StopsSearch.find(names, from, in, target.files(), layout, lost);
    return found.or(() -> NameClash.find(names, layout));
  }

  /**
   * libdb by itself is right where nothing is renamed.
   *
   * @param log as {@link NameRecords#ofNames} has it
   */
  static Optional<RecoveryStops> plain(List<LogRecord> log) {
    if (log.stream().anyMatch(NameChanges::renames)) {
      return Optional.empty();
    }
    Set<String> removed = new NameChanges(log).removed();
    return Optional.of(plain(Stage.plain(removed, log)));
  }

  /** The same of one stage, in which nothing is made that the log removes again. */
  RecoveryStops barring(List<LogRecord> log, Target target, Layout layout) throws IOException {
    Map<String, String> barred =
        BarredNames.of(log, new NameChanges(log), last().removed(), name -> false);
    if (barred.isEmpty()) {
      return this;
    }
    NamePlaces places = new NamePlaces(log, target.files(), layout);
    Set<String> occupied = places.occupants().keySet();
    barred.values().removeIf(occupied::contains);
    Stage only = last();
    return plain(
        new Stage(
            only.end(),
            places.bars(barred),
            only.moves(),
            only.removed(),
            only.resting(),
            only.undecided(),
            only.named(),
            only.directories()));
  }

  private static RecoveryStops plain(Stage stage) {
    return new RecoveryStops(
        List.of(stage), Map.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  /** Tells a place that a file had, and left by what the log has committed from somewhere on. */
  public static Predicate<String> left(List<LogRecord> log, Lsn from) {
    Set<String> names = new HashSet<>();
    for (NameChanges.Committed each : new NameChanges(NameRecords.ofNames(log)).committed()) {
      if (each.end().compareTo(from) >= 0) {
        each.changes().forEach(change -> change.from().ifPresent(names::add));
      }
    }
    return place -> names.stream().anyMatch(name -> NamePlaces.isAt(place, name));
  }

  /** After recovery: a database that is not where the log says, and why. */
  public Optional<String> wrong(Target recovered) throws IOException {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> places =
        NamePlaces.ofEach(NamePlaces.places(recovered.files()), new TreeSet<>(names.keySet()));
    for (Map.Entry<String, Optional<String>> each : names.entrySet()) {
      Optional<String> place = Optional.ofNullable(places.get(each.getKey()));
      Optional<String> name = each.getValue();
      if (name.isPresent() && place.isEmpty()) {
        return name.map(lost -> FileNames.escaped(lost) + " is missing");
      }
      if (place.isPresent()
          && name.filter(called -> NamePlaces.isAt(place.get(), called)).isEmpty()) {
        return place.map(there -> FileNames.escaped(there) + " has another name, or none");
      }
    }
    return Optional.empty();
  }
}
