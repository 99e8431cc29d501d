package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileCreated;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Gathers records as a log is read: of transactions' ends only those that decide about names, for a
 * log is full of the others.
 */
public final class NameRecords implements Consumer<LogRecord> {
  /** {@code TXN_ABORT}. */
  private static final long ABORT = 3;

  private static final String PREFIX = "__db.";

  /** The numbers of a transaction, from {@code TXN_MINIMUM} up, and of chance. */
  private static final Pattern PASSING =
      Pattern.compile("__db\\.[89a-f][0-9a-f]{7}\\.[0-9a-f]{1,8}");

  private static final int ID_DIGITS = 8;

  private final List<LogRecord> records = new ArrayList<>();
  private final Set<Long> naming = new HashSet<>();

  /** Has none yet. */
  public NameRecords() {}

  /** Takes the next record, of {@link RecoveryStops#TYPES} or another, which is kept. */
  @Override
  public void accept(LogRecord record) {
    if (!(record instanceof Other other) || decides(other)) {
      records.add(record);
    }
    if (record.transactionId() != 0
        && (record instanceof FileRenamed || record instanceof FileRemoved)) {
      naming.add(record.transactionId());
    }
  }

  /** What was kept, in the log's order; may be added to. */
  public List<LogRecord> records() {
    return records;
  }

  /**
   * Those that are about names, in their shortest form: libdb logs a name as the application gave
   * it; or about transactions. Names of libdb's own ({@code __db_backup_name}) have their prefix.
   */
  static List<LogRecord> ofNames(List<LogRecord> log) {
    List<LogRecord> found = new ArrayList<>();
    for (LogRecord record : log) {
      if (record instanceof FileRenamed renamed) {
        found.add(
            new FileRenamed(
                renamed.lsn(),
                renamed.transactionId(),
                shortest(renamed.oldName(), renamed),
                shortest(renamed.newName(), renamed),
                renamed.fileId(),
                renamed.directory(),
                renamed.appname(),
                renamed.undoable()));
      } else if (record instanceof FileRemoved removed) {
        found.add(
            new FileRemoved(
                removed.lsn(),
                removed.transactionId(),
                shortest(removed.name(), removed),
                removed.fileId(),
                removed.appname(),
                removed.type()));
      } else if (record instanceof FileCreated created) {
        found.add(
            new FileCreated(
                created.lsn(),
                created.transactionId(),
                shortest(created.name(), created),
                created.appname(),
                created.directory()));
      } else if (record instanceof Other) {
        found.add(record);
      }
    }
    return found;
  }

  /**
   * The ids of files that a log has the making of, in hex.
   *
   * @param log records, ascending
   */
  public static Set<String> made(List<LogRecord> log) {
    Set<String> made = new HashSet<>();
    for (LogRecord record : ofNames(log)) {
      if (record instanceof FileRenamed renamed
          && renamed.undoable()
          && NameChanges.makes(renamed)) {
        made.add(renamed.fileId().toString());
      }
    }
    return made;
  }

  /**
   * The names that a log gives to files, by id in hex.
   *
   * @param log records, ascending
   * @param taken whether those that it takes from them count too
   */
  public static Map<String, Set<String>> given(List<LogRecord> log, boolean taken) {
    Map<String, Set<String>> given = new HashMap<>();
    for (LogRecord record : ofNames(log)) {
      if (record instanceof FileRenamed renamed
          && renamed.undoable()
          && !NameChanges.isOfExtent(renamed)) {
        Set<String> names =
            given.computeIfAbsent(renamed.fileId().toString(), id -> new HashSet<>());
        names.add(renamed.newName());
        if (taken) {
          names.add(renamed.oldName());
        }
      }
    }
    return given;
  }

  /** The ids of files whose renaming or removal a log tells, in hex. */
  public static Set<String> told(List<LogRecord> log) {
    Set<String> told = new HashSet<>();
    log.forEach(record -> fileId(record).ifPresent(told::add));
    return told;
  }

  /** The ids of files that a log tells to have left a name, or to be gone, in hex. */
  public static Set<String> leaving(String name, List<LogRecord> log) {
    return told(
        ofNames(log).stream()
            .filter(
                record ->
                    !(record instanceof FileRenamed renamed) || renamed.oldName().equals(name))
            .toList());
  }

  /** The name by which a file was opened, in its shortest form. */
  public static String shortest(FileRegistration opened) {
    return FileNames.toName(FileNames.toPath(opened.name()).normalize());
  }

  /** Those before a place in the log. */
  static List<LogRecord> upTo(List<LogRecord> log, Lsn end) {
    return log.stream().filter(record -> record.lsn().compareTo(end) < 0).toList();
  }

  /** The lasting names among them. */
  static Set<String> named(List<LogRecord> log) {
    Set<String> named = new HashSet<>();
    for (LogRecord record : log) {
      if (record instanceof FileRenamed renamed) {
        named.add(renamed.oldName());
        named.add(renamed.newName());
      } else if (record instanceof FileRemoved removed) {
        named.add(removed.name());
      }
    }
    named.removeIf(NameRecords::isPassing);
    return named;
  }

  /** The directories, but for data directories themselves, that they make or rename files in. */
  static Set<NamedDirectory> directories(List<LogRecord> log) {
    Set<NamedDirectory> directories = new HashSet<>();
    for (LogRecord record : log) {
      if (record instanceof FileCreated created) {
        above(created.directory(), created.name()).ifPresent(directories::add);
      } else if (record instanceof FileRenamed renamed) {
        above(renamed.directory(), renamed.oldName()).ifPresent(directories::add);
        above(renamed.directory(), renamed.newName()).ifPresent(directories::add);
      }
    }
    return directories;
  }

  private static Optional<NamedDirectory> above(String data, String name) {
    Path place = FileNames.toPath(data == null ? "" : data);
    return Optional.ofNullable(FileNames.toPath(name).getParent())
        .map(parent -> new NamedDirectory(place, parent));
  }

  private static String shortest(String name, LogRecord record) {
    String shortest = FileNames.toName(FileNames.toPath(name).normalize());
    int leaf = shortest.lastIndexOf('/') + 1;
    return isWithoutPrefix(name, record)
        ? shortest.substring(0, leaf) + PREFIX + shortest.substring(leaf)
        : shortest;
  }

  /**
   * Whether libdb gave that name, below a directory: there it forgets the prefix. The transaction
   * in it is the record's, or a parent, which began before.
   */
  private static boolean isWithoutPrefix(String name, LogRecord record) {
    int leaf = name.lastIndexOf('/') + 1;
    return leaf > 0
        && PASSING.matcher(PREFIX + name.substring(leaf)).matches()
        && Long.parseLong(name, leaf, leaf + ID_DIGITS, 16) <= record.transactionId();
  }

  /**
   * Whether a name, as {@link #ofNames} has it, is libdb's own for a file being made or removed.
   */
  static boolean isPassing(String name) {
    return PASSING.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
  }

  /** The two forms that libdb may have given such a name in a directory; another has one. */
  static List<String> forms(String name) {
    int leaf = name.lastIndexOf('/') + 1;
    return isPassing(name)
        ? List.of(name, name.substring(0, leaf) + name.substring(leaf + PREFIX.length()))
        : List.of(name);
  }

  /** Of the file that a record gives another name, or none. */
  static Optional<String> fileId(LogRecord record) {
    return record instanceof FileRenamed renamed
        ? Optional.of(renamed.fileId().toString())
        : record instanceof FileRemoved removed
            ? Optional.of(removed.fileId().toString())
            : Optional.empty();
  }

  private boolean decides(Other record) {
    return switch (record.type()) {
      case TXN_COMMIT -> naming.remove(record.transactionId());
      case TXN_PREPARE -> naming.contains(record.transactionId());
      case TXN_CHILD -> naming.remove(number(record, 0)) && passed(record.transactionId());
      case TXN_RECYCLE -> {
        naming.removeIf(recycled(record));
        yield true;
      }
      default -> true;
    };
  }

  private boolean passed(long parent) {
    naming.add(parent);
    return true;
  }

  /** Ids that begin anew with such a record: what was open under these was aborted. */
  static Predicate<Long> recycled(Other record) {
    long first = number(record, 0);
    long last = number(record, 1);
    return id -> first <= id && id <= last;
  }

  /** Whether that end of a transaction is one that had been prepared, and was aborted. */
  static boolean isAbort(Other record) {
    return number(record, 0) == ABORT;
  }

  /** One of the 32-bit numbers that a record begins with. */
  static long number(Other record, int index) {
    ByteBuffer body = ByteBuffer.wrap(record.body()).order(ByteOrder.nativeOrder());
    return Integer.toUnsignedLong(body.getInt(index * Integer.BYTES));
  }
}
