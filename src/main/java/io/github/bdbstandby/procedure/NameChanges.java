package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileCreated;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.Other;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the transactions in a stretch of log do to the names of database files.
 *
 * <p>libdb makes a file under a passing name and renames it, and renames a file to a passing name
 * before it removes it: so renamings tell all. A child's changes become its parent's when it
 * commits.
 */
final class NameChanges {
  static final Set<LogRecordType> TYPES =
      EnumSet.of(
          LogRecordType.FOP_CREATE,
          LogRecordType.FOP_RENAME,
          LogRecordType.FOP_RENAME_NOUNDO,
          LogRecordType.FOP_REMOVE,
          LogRecordType.FOP_FILE_REMOVE,
          LogRecordType.TXN_CHILD,
          LogRecordType.TXN_COMMIT,
          LogRecordType.TXN_PREPARE,
          LogRecordType.TXN_RECYCLE);

  /** An extent goes where its queue goes. */
  private static final String EXTENT = "__dbq.";

  private final Map<Long, Open> open = new HashMap<>();
  private final Map<String, Optional<String>> names = new HashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final List<Extent> extents = new ArrayList<>();
  private final List<Committed> committed = new ArrayList<>();
  private final Map<String, List<Change>> ofEach = new LinkedHashMap<>();
  private final Map<String, Lsn> creations = new HashMap<>();
  private final Map<String, Lsn> made = new HashMap<>();
  private boolean prepared;

  /**
   * A file gets another name.
   *
   * @param from empty if the file is made
   * @param to empty if it is removed
   * @param removes whether that is the last of it
   */
  record Change(Lsn lsn, String id, Optional<String> from, Optional<String> to, boolean removes) {
    boolean isRenaming() {
      return from.isPresent() && to.isPresent();
    }
  }

  /** A transaction that has not ended, and what of it is about names. */
  private static final class Open {
    private final List<Change> changes = new ArrayList<>();
    private final List<FileRenamed> extents = new ArrayList<>();
    private Optional<Lsn> prepared = Optional.empty();

    void add(Open child) {
      changes.addAll(child.changes);
      extents.addAll(child.extents);
    }
  }

  /**
   * The changes of a transaction that has committed; there is at least one.
   *
   * @param end its commit, or that it was prepared: a recovery that ended before has undone them
   */
  record Committed(List<Change> changes, Lsn end) {
    Lsn first() {
      return changes.get(0).lsn();
    }
  }

  /** One of a queue gets another name, by a transaction that has ended there. */
  private record Extent(FileRenamed renamed, Lsn end) {}

  /** Reads records as {@link NameRecords#ofNames} has them, in the log's order. */
  NameChanges(List<LogRecord> records) {
    records.forEach(this::read);
    List.copyOf(open.keySet()).forEach(this::standing);
    committed.sort(Comparator.comparing(Committed::first));
    for (Committed transaction : committed) {
      for (Change change : transaction.changes()) {
        ofEach.computeIfAbsent(change.id(), id -> new ArrayList<>()).add(change);
      }
    }
  }

  /** Recovery does what was prepared, and keeps it so that it can be taken back. */
  private void standing(long transaction) {
    Open standing = open.get(transaction);
    if (standing.prepared.isEmpty()) {
      return;
    }
    commit(transaction, standing.prepared.get());
    for (Change change : standing.changes) {
      removed.remove(change.id());
      if (names.getOrDefault(change.id(), Optional.empty()).isEmpty()) {
        names.remove(change.id()); // it has a passing name, and may get its own again
      }
    }
  }

  /** Transactions that were committed, or prepared to the log's end, by their first change. */
  List<Committed> committed() {
    return committed;
  }

  /** Whether any was prepared before it ended, or is now. */
  boolean prepared() {
    return prepared;
  }

  /** At the log's end, by file id: the name, or that there is none. */
  Map<String, Optional<String>> names() {
    return Collections.unmodifiableMap(names);
  }

  /** The same without some. */
  Map<String, Optional<String>> names(Set<String> lost) {
    Map<String, Optional<String>> others = new HashMap<>(names);
    others.keySet().removeAll(lost);
    return others;
  }

  /** Whether the last that was done to a file's name, at the log's end, may not be done yet. */
  boolean isPending(String id) {
    Optional<Lsn> last = last(ofEach.getOrDefault(id, List.of()), id);
    return open.values().stream()
        .flatMap(transaction -> last(transaction.changes, id).stream())
        .anyMatch(lsn -> last.isEmpty() || lsn.compareTo(last.get()) > 0);
  }

  private static Optional<Lsn> last(List<Change> changes, String id) {
    return changes.stream()
        .filter(change -> change.id().equals(id))
        .map(Change::lsn)
        .max(Comparator.naturalOrder());
  }

  /** What a file is called at the log's end, or its id if it has no name then. */
  String called(String id) {
    return names.getOrDefault(id, Optional.empty()).orElse(id);
  }

  /** Ids of files whose removal was committed: none has its id again. */
  Set<String> removed() {
    return Set.copyOf(removed);
  }

  /** By file id: the changes that were committed, in order. */
  Map<String, List<Change>> ofEach() {
    return Collections.unmodifiableMap(ofEach);
  }

  /** Whether the log has a file's making, from a place in it on: all that is in it came later. */
  boolean isMadeSince(String id, Lsn from) {
    Lsn creation = made.get(id);
    return creation != null && creation.compareTo(from) >= 0;
  }

  /** The name at a log's start, or that which a file was made with. */
  Optional<String> firstName(String id) {
    return ofEach.getOrDefault(id, List.of()).stream()
        .filter(change -> !change.removes())
        .findFirst()
        .flatMap(change -> change.from().or(change::to));
  }

  /**
   * A queue there is at the log's end, of which extents were renamed from a place in the log on:
   * recovery does not rename these, since no page of theirs has their id.
   *
   * @param lost ids of those that are not there all the same
   */
  Optional<String> torn(Lsn from, Set<String> lost) {
    return torn(extent -> extent.renamed().lsn().compareTo(from) >= 0, lost);
  }

  /**
   * The same where recovery ended there, which has undone what was not yet committed.
   *
   * @param lost ids of those that are not there all the same
   */
  Optional<String> tornSince(Lsn recovered, Set<String> lost) {
    return torn(extent -> extent.end().compareTo(recovered) >= 0, lost);
  }

  private Optional<String> torn(Predicate<Extent> counts, Set<String> lost) {
    Map<String, Optional<String>> names = names(lost);
    return extents.stream()
        .filter(counts)
        .map(extent -> queueOf(extent.renamed().newName()))
        .filter(queue -> names.containsValue(Optional.of(queue)))
        .findFirst();
  }

  private static String queueOf(String extent) {
    String leaf = leaf(extent);
    String directory = extent.substring(0, extent.length() - leaf.length());
    return directory
        + leaf.substring(EXTENT.length(), Math.max(EXTENT.length(), leaf.lastIndexOf('.')));
  }

  /** Whether a file that was just made gets its name. */
  static boolean makes(FileRenamed renamed) {
    return NameRecords.isPassing(renamed.oldName()) && !NameRecords.isPassing(renamed.newName());
  }

  /** Whether it is a part of a queue. */
  static boolean isOfExtent(FileRenamed renamed) {
    return leaf(renamed.oldName()).startsWith(EXTENT) || leaf(renamed.newName()).startsWith(EXTENT);
  }

  /** Whether a file that stays gets another name. */
  static boolean renames(LogRecord record) {
    return record instanceof FileRenamed renamed
        && renamed.undoable()
        && !isOfExtent(renamed)
        && !NameRecords.isPassing(renamed.oldName())
        && !NameRecords.isPassing(renamed.newName());
  }

  private void read(LogRecord record) {
    if (record instanceof FileCreated created) {
      creations.put(created.name(), created.lsn());
    } else if (record instanceof FileRenamed renamed) {
      Lsn creation = creations.remove(renamed.oldName());
      if (creation != null && renamed.undoable()) {
        made.putIfAbsent(renamed.fileId().toString(), creation);
      }
      if (isOfExtent(renamed)) {
        open(renamed.transactionId()).extents.add(renamed);
      } else if (renamed.undoable()) { // what an abort leaves is the placeholder's
        add(
            renamed.transactionId(),
            new Change(
                renamed.lsn(),
                renamed.fileId().toString(),
                lasting(renamed.oldName()),
                lasting(renamed.newName()),
                false));
      }
    } else if (record instanceof FileRemoved removed
        && removed.type() == LogRecordType.FOP_REMOVE) {
      if (!leaf(removed.name()).startsWith(EXTENT)) {
        String id = removed.fileId().toString();
        add(
            removed.transactionId(),
            new Change(removed.lsn(), id, lasting(removed.name()), Optional.empty(), true));
      }
    } else if (record instanceof Other other) {
      ended(other);
    }
  }

  private void add(long transaction, Change change) {
    if (change.from().isEmpty() && change.to().isEmpty() && !change.removes()) {
      return;
    }
    names.putIfAbsent(change.id(), change.from());
    open(transaction).changes.add(change);
    if (transaction == 0) {
      commit(0, change.lsn());
    }
  }

  private Open open(long transaction) {
    return open.computeIfAbsent(transaction, id -> new Open());
  }

  private void ended(Other record) {
    long transaction = record.transactionId();
    switch (record.type()) {
      case TXN_COMMIT -> {
        if (NameRecords.isAbort(record)) {
          open.remove(transaction);
        } else {
          commit(transaction, record.lsn());
        }
      }
      case TXN_PREPARE -> {
        open(transaction).prepared = Optional.of(record.lsn());
        prepared = true;
      }
      case TXN_CHILD ->
          Optional.ofNullable(open.remove(NameRecords.number(record, 0)))
              .ifPresent(child -> open(transaction).add(child));
      case TXN_RECYCLE -> open.keySet().removeIf(NameRecords.recycled(record));
      default -> {} // not about names
    }
  }

  private void commit(long transaction, Lsn commit) {
    Open ended = open.remove(transaction);
    if (ended == null) {
      return;
    }
    Lsn end = ended.prepared.orElse(commit);
    ended.extents.forEach(renamed -> extents.add(new Extent(renamed, end)));
    if (!ended.changes.isEmpty()) {
      ended.changes.sort(Comparator.comparing(Change::lsn));
      for (Change change : ended.changes) {
        names.put(change.id(), change.to());
        if (change.removes()) {
          removed.add(change.id());
        }
      }
      committed.add(new Committed(List.copyOf(ended.changes), end));
    }
  }

  private static Optional<String> lasting(String name) {
    return NameRecords.isPassing(name) ? Optional.empty() : Optional.of(name);
  }

  private static String leaf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
