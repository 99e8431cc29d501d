package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What catastrophic recovery by libdb 5.3 makes of the names in a directory: told without running
 * it.
 *
 * <p>It looks at the files that lie there when it begins. A creation is not done again if the file
 * is there, a renaming only if the file, or a mark with its id, has the old name; what was not
 * committed is taken back if the file has the new name. On the way forward a renaming, done again
 * or not, removes the file if it has the old name ({@code src/fileops/fop_rec.c}, {@code
 * src/txn/txn_rec.c}, {@code src/dbreg/dbreg_rec.c}).
 */
final class NameReplay {
  /** What has a name. */
  enum Kind {
    /** The file that lay there before. */
    DATA,
    /** A file that recovery makes from nothing but the log. */
    MADE,
    /** A name held for a file. */
    MARK,
    /** The same by libdb, for the time of a renaming. */
    PLACEHOLDER
  }

  /** What lies under a name. */
  record Occupant(String id, Kind kind) {}

  /**
   * What it comes to.
   *
   * @param names what lies there in the end
   * @param strayed ids of files that were not under their name at some time, so that changes logged
   *     then did not get into them
   * @param again ids of files that it makes once more though they are there, under another name
   */
  record Result(Map<String, Occupant> names, Set<String> strayed, Set<String> again) {}

  private enum State {
    OPEN,
    COMMITTED,
    IGNORED,
    ABORTED
  }

  private static final class Transaction {
    private State state = State.OPEN;
    private boolean committed;
    private Optional<Transaction> parent = Optional.empty();
    private Optional<FileRenamed> renaming = Optional.empty();
    private Optional<Transaction> lastChild = Optional.empty();

    /** Whether recovery finds no reason not to do it again. */
    private boolean plain = true;

    boolean lives() {
      return committed || parent.map(Transaction::lives).orElse(false);
    }
  }

  private record Event(LogRecord record, Transaction transaction, Optional<Transaction> child) {}

  private final List<Event> events = new ArrayList<>();
  private final Map<Long, Transaction> open = new HashMap<>();
  private final Set<String> madeAgain = new HashSet<>();

  private NameReplay(List<LogRecord> log) {
    log.forEach(this::read);
  }

  /**
   * Tells it.
   *
   * @param log records as {@link NameRecords#ofNames} has them, ascending, to where it ends
   * @param present what lies there, by name
   * @param from where a file must be under its name from
   */
  static Result of(List<LogRecord> log, Map<String, Occupant> present, Lsn from) {
    NameReplay replay = new NameReplay(log);
    Map<String, Occupant> names = new HashMap<>(present);
    replay.look(names);
    replay.back(names);
    Set<String> strayed = replay.forward(names, from);
    return new Result(names, strayed, replay.madeAgain);
  }

  private void read(LogRecord record) {
    if (record instanceof Other other && other.type() == LogRecordType.TXN_RECYCLE) {
      open.keySet().removeIf(NameRecords.recycled(other));
      return;
    }
    boolean counts =
        record instanceof FileRenamed
            || (record instanceof FileRemoved removed
                && removed.type() == LogRecordType.FOP_FILE_REMOVE)
            || (record instanceof Other other
                && (other.type() == LogRecordType.TXN_CHILD
                    || other.type() == LogRecordType.TXN_COMMIT
                    || other.type() == LogRecordType.TXN_PREPARE));
    if (!counts
        || record.transactionId() == 0 // recovery passes over what was done outside of one
        || (record instanceof FileRenamed renamed && NameChanges.isOfExtent(renamed))) {
      return;
    }
    Transaction transaction = open.computeIfAbsent(record.transactionId(), id -> new Transaction());
    Optional<Transaction> child = Optional.empty();
    if (record instanceof FileRenamed renamed && renamed.undoable()) {
      transaction.renaming = Optional.of(renamed);
    } else if (record instanceof FileRemoved) {
      child = transaction.lastChild;
    } else if (record instanceof Other other && other.type() == LogRecordType.TXN_CHILD) {
      child =
          Optional.of(open.computeIfAbsent(NameRecords.number(other, 0), id -> new Transaction()));
      open.remove(NameRecords.number(other, 0));
      transaction.lastChild = child;
      child.get().parent = Optional.of(transaction);
    } else if (record instanceof Other other) {
      boolean aborted = NameRecords.isAbort(other);
      transaction.committed = !aborted;
      if (aborted || other.type() == LogRecordType.TXN_COMMIT) {
        open.remove(record.transactionId());
      }
    }
    events.add(new Event(record, transaction, child));
  }

  /** The pass that opens files: what was made and is there is not made again. */
  private void look(Map<String, Occupant> names) {
    for (Event event : events) {
      Optional<FileRenamed> making = event.transaction().renaming.filter(NameChanges::makes);
      if (making.isPresent()) {
        Occupant there = names.get(making.get().newName());
        boolean known =
            there != null && there.kind() == Kind.DATA && isOf(there, making.get().fileId());
        event.transaction().plain = !known;
      }
    }
  }

  private static boolean isOf(Occupant occupant, Object id) {
    return occupant.id().equals(id.toString());
  }

  private void back(Map<String, Occupant> names) {
    for (int i = events.size() - 1; i >= 0; i--) {
      Event event = events.get(i);
      Transaction transaction = event.transaction();
      if (event.record() instanceof FileRenamed renamed) {
        boolean undone = transaction.state == State.OPEN || transaction.state == State.ABORTED;
        if (undone && renamed.undoable()) {
          move(names, renamed, renamed.newName(), renamed.oldName());
        }
      } else if (event.record() instanceof FileRemoved removed) {
        if (transaction.state != State.IGNORED) {
          event.child().ifPresent(child -> found(child, names.get(removed.name()), removed));
        }
      } else if (event.child().isPresent()) {
        inherit(event.child().get(), transaction.state);
      } else if (transaction.state == State.OPEN && event.record() instanceof Other other) {
        transaction.state = ended(other);
      }
    }
  }

  /** What has been prepared only is done, and what was aborted after it is left as it is. */
  private static State ended(Other record) {
    boolean aborted = NameRecords.isAbort(record);
    return !aborted
        ? State.COMMITTED
        : record.type() == LogRecordType.TXN_PREPARE ? State.ABORTED : State.IGNORED;
  }

  /** By what has the old name it is decided whether the renaming counts as done. */
  private static void found(Transaction child, Occupant there, FileRemoved removed) {
    if (there == null) {
      child.plain = false;
    } else if (!isOf(there, removed.fileId())) {
      child.state = State.IGNORED;
    }
  }

  private static void inherit(Transaction child, State parent) {
    boolean lives = parent == State.COMMITTED || parent == State.IGNORED;
    if (child.state == State.IGNORED) {
      return;
    }
    if (child.plain) {
      child.state = lives ? parent : State.ABORTED;
    } else {
      child.state = lives ? State.IGNORED : State.ABORTED;
    }
  }

  private static void move(
      Map<String, Occupant> names, FileRenamed renamed, String source, String target) {
    Occupant there = names.get(source);
    if (there != null && isOf(there, renamed.fileId())) {
      names.remove(source);
      names.put(target, there);
    }
  }

  private Set<String> forward(Map<String, Occupant> names, Lsn from) {
    Set<String> strayed = new HashSet<>();
    Map<String, String> told = new HashMap<>();
    boolean reached = false;
    for (Event event : events) {
      if (!reached && event.record().lsn().compareTo(from) >= 0) {
        reached = true;
        told.forEach((id, name) -> judge(names, id, name, strayed));
      }
      boolean again = event.transaction().state == State.COMMITTED;
      if (event.record() instanceof FileRenamed renamed) {
        if (again) {
          redo(names, renamed);
        }
        if (renamed.undoable() && event.transaction().lives()) {
          told.put(renamed.fileId().toString(), renamed.newName());
          if (reached) {
            judge(names, renamed.fileId().toString(), renamed.newName(), strayed);
          }
        }
      } else if (event.record() instanceof FileRemoved removed && again) {
        Occupant there = names.get(removed.name());
        if (there != null && (there.kind() == Kind.PLACEHOLDER || isOf(there, removed.fileId()))) {
          names.remove(removed.name());
        }
      }
    }
    if (!reached) {
      told.forEach((id, name) -> judge(names, id, name, strayed));
    }
    return strayed;
  }

  private static void judge(
      Map<String, Occupant> names, String id, String name, Set<String> strayed) {
    Occupant there = names.get(name);
    boolean right = there != null && there.id().equals(id) && there.kind() != Kind.MARK;
    if (!right && !NameRecords.isPassing(name)) {
      strayed.add(id);
    }
  }

  private void redo(Map<String, Occupant> names, FileRenamed renamed) {
    String id = renamed.fileId().toString();
    Occupant moved =
        !renamed.undoable()
            ? new Occupant(id, Kind.PLACEHOLDER)
            : NameChanges.makes(renamed)
                ? new Occupant(id, Kind.MADE)
                : names.get(renamed.oldName());
    if (moved == null || !moved.id().equals(id)) {
      return;
    }
    if (moved.kind() == Kind.MADE && names.containsValue(new Occupant(id, Kind.DATA))) {
      madeAgain.add(id);
    }
    names.remove(renamed.oldName());
    Occupant there = names.get(renamed.newName());
    if (there == null || there.id().equals(id)) {
      names.put(renamed.newName(), moved);
    } // else libdb takes that for a later file, and removes the one that would take its place
  }
}
