package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameChanges.Change;
import io.github.bdbstandby.procedure.NameReplay.Kind;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One recovery of a stretch of log: which names it needs marks at, so that each database comes to
 * its name and is under the right one all the time.
 */
final class NamePlan {
  private final List<LogRecord> log;
  private final NameChanges changes;
  private final Map<String, Optional<String>> expected;
  private final Map<String, List<Change>> ofEach;
  private final Map<String, Occupant> present;
  private final Set<String> lost;
  private final Set<String> unjudged;
  private final Lsn from;
  private final Map<String, String> marks = new LinkedHashMap<>();
  private Map<String, String> barred = Map.of();
  private NameReplay.Result result;
  private Set<String> bad;

  /**
   * Makes it.
   *
   * @param log ascending, to where recovery ends
   * @param present what lies there
   * @param lost ids of files that the source itself has lost: what recovery makes of them goes
   * @param unjudged ids of files that need not come out right
   * @param from where each file must be under its name from
   */
  NamePlan(
      List<LogRecord> log,
      Map<String, Occupant> present,
      Set<String> lost,
      Set<String> unjudged,
      Lsn from) {
    this.log = log;
    this.lost = lost;
    this.changes = new NameChanges(log);
    this.expected = changes.names();
    this.ofEach = changes.ofEach();
    this.present = present;
    this.unjudged = unjudged;
    this.from = from;
    replay();
    for (String id : List.copyOf(bad)) {
      if (bad.contains(id)) {
        mark(id);
      }
    }
    bar();
  }

  private void bar() {
    Set<String> before = bad;
    barred = BarredNames.of(log, changes, gone(), withMarks()::containsKey);
    if (!barred.isEmpty()) {
      replay();
      if (!before.containsAll(bad)) {
        barred = Map.of();
        replay();
      }
    }
  }

  /** Ids of files that do not come out right. */
  Set<String> bad() {
    return bad;
  }

  /** Ids of files that it makes once more, from nothing but the log. */
  Set<String> again() {
    return result.again();
  }

  /** By name, the id that it must be held for. */
  Map<String, String> marks() {
    return marks;
  }

  /** By id, the names under which nothing is to be made. */
  Map<String, String> barred() {
    return barred;
  }

  List<LogRecord> log() {
    return log;
  }

  NameChanges changes() {
    return changes;
  }

  Set<String> lost() {
    return lost;
  }

  /** Ids of files that must not be there afterwards. */
  Set<String> gone() {
    Set<String> gone = new HashSet<>(changes.removed());
    gone.addAll(lost);
    return gone;
  }

  /** What lies there afterwards, and is a file. */
  Map<String, Occupant> after() {
    Map<String, Occupant> after = new HashMap<>();
    Set<String> gone = gone();
    result
        .names()
        .forEach(
            (name, there) -> {
              boolean isFile = there.kind() == Kind.DATA || there.kind() == Kind.MADE;
              if (isFile && !gone.contains(there.id())) {
                after.put(name, new Occupant(there.id(), Kind.DATA));
              }
            });
    return after;
  }

  private void replay() {
    result = NameReplay.of(log, withMarks(), from);
    bad = judge();
  }

  private Map<String, Occupant> withMarks() {
    Map<String, Occupant> all = new HashMap<>(present);
    marks.forEach((name, id) -> all.put(name, new Occupant(id, Kind.MARK)));
    barred.values().forEach(name -> all.put(name, new Occupant(BarredNames.OTHER, Kind.MARK)));
    return all;
  }

  private Set<String> judge() {
    Map<String, Kind> before = new HashMap<>();
    Map<String, String> places = new HashMap<>();
    present.forEach(
        (name, there) -> {
          before.put(there.id(), there.kind());
          places.put(there.id(), name);
        });
    Set<String> wrong = new LinkedHashSet<>();
    expected.forEach(
        (id, name) -> {
          if (name.isPresent()) {
            Occupant there = result.names().get(name.get());
            boolean right =
                there != null
                    && there.id().equals(id)
                    && there.kind() == before.getOrDefault(id, Kind.MADE);
            if (!right || result.strayed().contains(id)) {
              wrong.add(id);
            }
          }
        });
    places.forEach(
        (id, name) -> {
          Occupant there = result.names().get(name);
          boolean right = there != null && there.id().equals(id) && there.kind() == Kind.DATA;
          if (!right && !expected.containsKey(id) && !ofEach.containsKey(id)) {
            wrong.add(id);
          }
        });
    wrong.removeAll(unjudged);
    wrong.removeAll(lost);
    return wrong;
  }

  /** Holds as many of the names that it had as it takes, the last ones first. */
  private void mark(String id) {
    List<String> old = new ArrayList<>();
    for (Change change : ofEach.getOrDefault(id, List.of())) {
      if (change.isRenaming()) {
        old.add(change.from().orElseThrow());
      }
    }
    Set<String> before = bad;
    Map<String, String> kept = Map.copyOf(marks);
    for (int i = old.size() - 1; i >= 0; i--) {
      String name = old.get(i);
      Occupant there = withMarks().get(name);
      if (there != null && !there.id().equals(id)) {
        break;
      }
      if (there == null) {
        marks.put(name, id);
        replay();
        Set<String> others = new HashSet<>(bad);
        if (others.add(id) && before.containsAll(others)) {
          return;
        }
      }
    }
    marks.clear();
    marks.putAll(kept);
    replay();
  }
}
