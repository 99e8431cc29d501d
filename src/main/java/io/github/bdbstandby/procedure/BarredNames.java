package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.procedure.NameChanges.Change;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Databases that a log makes and removes again. libdb's recovery would make them once more, from
 * nothing but the log; of one that was loaded in bulk that lacks the load's pages, and libdb 5.3
 * dies of the records that go to those. With a file of another id under its name it makes none.
 */
final class BarredNames {
  /** Of no file: what is barred is barred for all. */
  static final String OTHER = "f".repeat(40);

  private BarredNames() {}

  /**
   * Looks for them.
   *
   * @param log as {@link NameRecords#ofNames} has it
   * @param gone ids of files that must not be there afterwards
   * @param occupied names that something lies under, or that are held
   * @return by id, the name
   */
  static Map<String, String> of(
      List<LogRecord> log, NameChanges changes, Set<String> gone, Predicate<String> occupied) {
    Map<String, String> barred = new LinkedHashMap<>();
    if (gone.isEmpty()) {
      return barred;
    }
    Map<String, Set<String>> users = users(log);
    Map<String, List<Change>> ofEach = changes.ofEach();
    for (String id : gone) {
      Optional<Change> first = ofEach.getOrDefault(id, List.of()).stream().findFirst();
      first
          .filter(change -> change.from().isEmpty())
          .flatMap(Change::to)
          .filter(name -> !occupied.test(name) && users.get(name).equals(Set.of(id)))
          .ifPresent(name -> barred.put(id, name));
    }
    return barred;
  }

  /** By name, the ids of the files that had it, if only for a while. */
  private static Map<String, Set<String>> users(List<LogRecord> log) {
    Map<String, Set<String>> users = new HashMap<>();
    for (LogRecord record : log) {
      if (record instanceof FileRenamed renamed && renamed.undoable()) {
        for (String name : List.of(renamed.oldName(), renamed.newName())) {
          users.computeIfAbsent(name, key -> new HashSet<>()).add(renamed.fileId().toString());
        }
      }
    }
    return users;
  }
}
