package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where recovery of a target must pause, because libdb 5.3 loses a database that one recovery both
 * makes and renames.
 *
 * <p>On its way back through the log recovery finds no file under the old name, takes the renaming
 * for done, and on its way forward removes what it has just made ({@code
 * __fop_file_remove_recover}). A recovery that ends before the renaming leaves the file there for
 * the next one.
 *
 * <pre>
 *   log            create A ---- fill A ---- rename A to B ----
 *   one recovery   ------------------------------------------->   neither A nor B
 *   two            ------------------------->| --------------->   B
 * </pre>
 *
 * @param stops the LSNs before which the target must be recovered, ascending
 * @param renamed new names of databases renamed and not removed since, by file id
 */
public record RecoveryStops(List<Lsn> stops, Map<String, String> renamed) {
  /** Nothing to heed. */
  public static final RecoveryStops NONE = new RecoveryStops(List.of(), Map.of());

  /** The records that it goes by. */
  public static final Set<LogRecordType> TYPES =
      Set.of(LogRecordType.FOP_RENAME, LogRecordType.FOP_REMOVE);

  private static final String EXTENT = "__dbq.";

  /** Keeps copies. */
  public RecoveryStops {
    stops = List.copyOf(stops);
    renamed = Map.copyOf(renamed);
  }

  /**
   * Reads the log.
   *
   * @param log records of the log that the target is about to get, ascending; all {@link #TYPES}
   *     and maybe others
   * @param from no stop before this: where the target's history ends, or its newest page
   * @param present what lies in the target now
   */
  public static RecoveryStops find(List<LogRecord> log, Lsn from, EnvironmentFiles present) {
    Set<String> known = new HashSet<>();
    for (DatabaseFile file : present.databases()) {
      file.format().map(PageFormat::fileId).ifPresent(known::add);
    }
    Set<String> made = new HashSet<>();
    List<Lsn> stops = new ArrayList<>();
    Map<String, String> renamed = new HashMap<>();
    for (LogRecord record : log) {
      if (record instanceof FileRemoved removed && removed.type() == LogRecordType.FOP_REMOVE) {
        renamed.remove(removed.fileId().toString());
      }
      if (!(record instanceof FileRenamed each) || !each.undoable()) {
        continue;
      }
      String id = each.fileId().toString();
      if (isPassing(each.oldName())) {
        made.add(id); // every database gets its name by a renaming
      } else if (isPassing(each.newName())) {
        renamed.remove(id); // about to be removed
      } else if (each.lsn().compareTo(from) >= 0 && !leaf(each.newName()).startsWith(EXTENT)) {
        renamed.put(id, each.newName());
        if (known.stream().noneMatch(id::startsWith)) {
          stops.add(each.lsn());
          known.add(id);
          known.addAll(made);
        }
      }
    }
    return new RecoveryStops(stops, renamed);
  }

  /** After recovery: a database that was renamed and is not there; an abort may be the reason. */
  public Optional<String> missing(EnvironmentFiles recovered) {
    Set<String> there = new HashSet<>();
    for (DatabaseFile file : recovered.databases()) {
      file.format().map(PageFormat::fileId).ifPresent(there::add);
    }
    return renamed.entrySet().stream()
        .filter(each -> there.stream().noneMatch(each.getKey()::startsWith))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The names that libdb gives to files being made or removed: {@code __db.TXN.ID}. */
  private static boolean isPassing(String name) {
    // Below a directory it forgets the prefix (__db_backup_name).
    return leaf(name).matches("(__db\\.)?[0-9a-f]{1,8}\\.[0-9a-f]{1,8}");
  }

  private static String leaf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
