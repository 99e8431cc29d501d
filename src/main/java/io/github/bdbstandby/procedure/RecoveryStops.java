package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where recovery of a target must pause, because libdb 5.3 loses a database that one recovery makes
 * and renames, or renames twice.
 *
 * <p>On its way back through the log recovery decides by the files that lie there whether a
 * renaming was done: it finds none under the old name, takes it for done, and on its way forward
 * removes what has that name by then ({@code __fop_file_remove_recover}). A recovery that ends
 * before the renaming leaves the file there for the next one.
 *
 * <pre>
 *   log            create A ---- fill A ---- rename A to B ----
 *   one recovery   ------------------------------------------->   neither A nor B
 *   two            ------------------------->| --------------->   B
 * </pre>
 *
 * @param stops the LSNs before which the target must be recovered, ascending
 * @param names what recovery must bring, by file id: a name, or that there is none
 * @param astray the name of a database that no recovery brings: renamed, and named again as before,
 *     in a stretch of log of which the target has had the end
 */
public record RecoveryStops(
    List<Lsn> stops, Map<String, Optional<String>> names, Optional<String> astray) {
  /** Nothing to heed. */
  public static final RecoveryStops NONE = new RecoveryStops(List.of(), Map.of(), Optional.empty());

  /** The records that it goes by. */
  public static final Set<LogRecordType> TYPES = NameChanges.TYPES;

  /** Keeps copies. */
  public RecoveryStops {
    stops = List.copyOf(stops);
    names = Map.copyOf(names);
  }

  /**
   * Looks for them.
   *
   * @param log records of the log that recovery of the target will read, ascending; all {@link
   *     #TYPES} and maybe others
   * @param from no stop before this: where the target's history ends, or its newest page
   * @param exact whether the target is just what the source was at {@code from}
   * @param present what lies in the target now
   */
  public static RecoveryStops find(
      List<LogRecord> log, Lsn from, boolean exact, EnvironmentFiles present) {
    NameChanges changes = new NameChanges(log);
    Search search = new Search(from, exact, present);
    changes.committed().forEach(search::read);
    search.end();
    return new RecoveryStops(search.stops, changes.names(), search.astray);
  }

  /**
   * The records of log files that a target has had, and that its recovery will read again.
   *
   * @param directory where they lie
   * @param first the lowest that recovery needs
   * @param before the file that comes next
   * @param end where the source's log ends in these
   */
  public static List<LogRecord> readAgain(
      Path directory, long first, long before, Lsn end, EnvironmentOptions options)
      throws IOException {
    List<LogRecord> records = new ArrayList<>();
    OptionalLong lowest =
        LogFile.in(directory).stream()
            .mapToLong(LogFile::number)
            .filter(number -> number >= first && number < before)
            .min();
    if (lowest.isPresent()) {
      try (DbEnvironment log =
          DbEnvironment.openPrivate(directory, Set.of(Subsystem.LOG), options)) {
        log.scanLog(
            new Lsn(lowest.getAsLong(), 0),
            end.file() < before ? end : new Lsn(before, 0),
            TYPES,
            records::add);
      }
    }
    return records;
  }

  /**
   * After recovery: takes away the placeholders that it made and did not name.
   *
   * @return a database that is not where the log says, and why
   */
  public Optional<String> settle(EnvironmentFiles recovered) throws IOException {
    for (Path placeholder : recovered.placeholders()) {
      if (EnvironmentFiles.isPassing(FileNames.toName(placeholder.getFileName()))) {
        DurableFiles.delete(placeholder);
      }
    }
    return wrong(recovered);
  }

  private Optional<String> wrong(EnvironmentFiles recovered) {
    Map<String, String> places = places(recovered);
    for (Map.Entry<String, Optional<String>> each : names.entrySet()) {
      Optional<String> place =
          places.entrySet().stream()
              .filter(there -> each.getKey().startsWith(there.getKey()))
              .map(Map.Entry::getValue)
              .findFirst();
      Optional<String> name = each.getValue();
      if (name.isPresent() && place.isEmpty()) {
        return name.map(lost -> FileNames.escaped(lost) + " is missing");
      }
      if (place.isPresent() && name.filter(place.get()::endsWith).isEmpty()) {
        return place.map(there -> FileNames.escaped(there) + " has another name, or none");
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> places(EnvironmentFiles files) {
    Map<String, String> places = new HashMap<>();
    for (DatabaseFile file : files.databases()) {
      if (file.extent().isEmpty()) {
        file.format()
            .map(PageFormat::fileId)
            .ifPresent(id -> places.put(id, FileNames.toName(file.relative())));
      }
    }
    return places;
  }

  /** Goes through the transactions, and pauses before one that another would lead astray. */
  private static final class Search {
    private final Lsn from;
    private final boolean exact;
    private final Map<String, String> present;
    private final List<Lsn> stops = new ArrayList<>();
    private final Map<String, Optional<String>> now = new HashMap<>();
    private final Map<String, List<String>> left = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private final Set<String> renamed = new HashSet<>();
    private boolean begun;
    private Optional<String> astray = Optional.empty();

    Search(Lsn from, boolean exact, EnvironmentFiles present) {
      this.from = from;
      this.exact = exact;
      this.present = places(present);
    }

    void read(NameChanges.Committed transaction) {
      boolean ahead = transaction.first().compareTo(from) >= 0;
      if (ahead && !begun) {
        begun = true;
        if (exact) {
          pause();
        }
      }
      if (ahead && collides(transaction)) {
        stops.add(transaction.first());
        pause();
      }
      for (NameChanges.Change change : transaction.changes()) {
        touch(change);
      }
    }

    void end() {
      if (!begun && exact) {
        pause();
      }
    }

    private boolean collides(NameChanges.Committed transaction) {
      boolean renames = transaction.changes().stream().anyMatch(NameChanges.Change::isRenaming);
      Set<String> before = renames ? touched : renamed;
      return transaction.changes().stream().anyMatch(c -> things(c).anyMatch(before::contains));
    }

    private static Stream<String> things(NameChanges.Change change) {
      return Stream.concat(
          Stream.of("id " + change.id()),
          Stream.concat(change.from().stream(), change.to().stream()).map(name -> "name " + name));
    }

    private void touch(NameChanges.Change change) {
      boolean seen =
          !exact
              && change.from().isEmpty()
              && present.keySet().stream().anyMatch(change.id()::startsWith);
      if (!seen) {
        things(change).forEach(touched::add);
      }
      if (change.isRenaming()) {
        things(change).forEach(renamed::add);
        left.computeIfAbsent(change.id(), key -> new ArrayList<>())
            .add(change.from().orElseThrow());
      }
      now.put(change.id(), change.to());
    }

    /** A recovery begins here: what has come back to a name that it left would leave again. */
    private void pause() {
      touched.clear();
      renamed.clear();
      for (Map.Entry<String, List<String>> each : left.entrySet()) {
        Optional<String> name = now.get(each.getKey());
        if (astray.isEmpty() && name.isPresent() && each.getValue().contains(name.get())) {
          astray = name;
        }
      }
    }
  }
}
