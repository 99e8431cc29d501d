package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameChanges.Change;
import io.github.bdbstandby.procedure.NameReplay.Kind;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How recovery of a new copy follows what the log does to the names of databases.
 *
 * <p>A database that was renamed has its copy under a later name than the first one in the log, and
 * recovery would pass over all that was logged under the first one; what the source had in its
 * cache only is in no page. So the copy gets that first name, and recovery renames it once more.
 * Databases that had the same name in turn have a recovery each.
 */
final class CopiedNames {
  private static final int MOST = 16;

  private final List<LogRecord> log;
  private final NameChanges changes;
  private final Map<String, List<Change>> ofEach;
  private final NamePlaces places;
  private final Map<String, Occupant> copies;
  private final Map<String, String> nameOf = new HashMap<>();
  private final Set<String> withExtents = new HashSet<>();

  private CopiedNames(List<LogRecord> log, EnvironmentFiles present, Layout layout) {
    this.log = log;
    this.changes = new NameChanges(log);
    this.ofEach = changes.ofEach();
    this.places = new NamePlaces(log, present, layout);
    this.copies = places.occupants();
    copies.forEach((name, there) -> nameOf.put(there.id(), name));
    for (DatabaseFile file : present.databases()) {
      // Recovery does not rename extents.
      file.format()
          .filter(format -> format.extentPages() > 0)
          .map(PageFormat::fileId)
          .ifPresent(withExtents::add);
    }
  }

  /**
   * Looks for it.
   *
   * @param log records of the log that recovery will read, ascending; all {@link
   *     RecoveryStops#TYPES} and maybe others
   * @param present the copies
   */
  static RecoveryStops find(List<LogRecord> log, EnvironmentFiles present, Layout layout) {
    return new CopiedNames(log, present, layout).find();
  }

  private RecoveryStops find() {
    Set<String> left = renamed();
    Set<String> done = new HashSet<>();
    Optional<String> astray = Optional.empty();
    List<RecoveryStops.Stage> stages = new ArrayList<>();
    do {
      Set<String> chosen = left;
      NamePlan plan = plan(chosen, left, done);
      if (!plan.bad().isEmpty()) {
        chosen = choose(left, done);
        plan = plan(chosen, left, done);
      }
      Set<String> bad = plan.bad();
      if (!bad.isEmpty() || (chosen.isEmpty() && !left.isEmpty()) || stages.size() == MOST) {
        String id = (bad.isEmpty() ? left : bad).iterator().next();
        astray = Optional.of(changes.called(id));
        stages.add(places.whole(plan, RecoveryStops.Moves.NONE));
        break;
      }
      Set<String> rest = new LinkedHashSet<>(left);
      rest.removeAll(chosen);
      RecoveryStops.Moves moves = moves(chosen, rest, done);
      stages.add(
          rest.isEmpty() ? places.last(plan, moves, after(plan, done)) : places.whole(plan, moves));
      done.addAll(chosen);
      left = rest;
    } while (!left.isEmpty());
    return new RecoveryStops(stages, changes.names(), astray);
  }

  /** With what comes back from out of sight. */
  private Map<String, Occupant> after(NamePlan plan, Set<String> done) {
    Map<String, Occupant> after = plan.after();
    after.values().removeIf(there -> done.contains(there.id()));
    for (String id : done) {
      after.put(changes.called(id), new Occupant(id, Kind.DATA));
    }
    return after;
  }

  /** Those that there are at the log's end, and that recovery must rename or take back. */
  private Set<String> renamed() {
    Set<String> ids = new LinkedHashSet<>();
    Set<String> wrong = plan(Set.of(), Set.of(), Set.of()).bad();
    changes
        .names()
        .forEach(
            (id, name) -> {
              boolean isRenamed =
                  ofEach.getOrDefault(id, List.of()).stream().anyMatch(Change::isRenaming);
              if (name.isPresent() && !isKept(id) && (isRenamed || wrong.contains(id))) {
                ids.add(id);
              }
            });
    return ids;
  }

  private boolean isKept(String id) {
    return withExtents.stream().anyMatch(id::startsWith);
  }

  /** As many as one recovery can do. */
  private Set<String> choose(Set<String> left, Set<String> done) {
    Set<String> chosen = new LinkedHashSet<>();
    Set<String> first = new HashSet<>();
    for (String id : left) {
      if (firstName(id).map(first::add).orElse(true)) {
        chosen.add(id);
        if (!plan(chosen, left, done).bad().isEmpty()) {
          chosen.remove(id);
          firstName(id).ifPresent(first::remove);
        }
      }
    }
    return chosen;
  }

  /** Recovery with some of them where they were first, and the rest out of sight. */
  private NamePlan plan(Set<String> chosen, Set<String> left, Set<String> done) {
    Map<String, Occupant> present = new HashMap<>();
    copies.forEach(
        (name, there) -> {
          if (!left.contains(there.id()) && !done.contains(there.id())) {
            present.put(name, there);
          }
        });
    Set<String> unjudged = new HashSet<>(done);
    unjudged.addAll(left);
    unjudged.removeAll(chosen);
    changes.names().keySet().stream().filter(this::isKept).forEach(unjudged::add);
    for (String id : chosen) {
      if (nameOf.containsKey(id)) {
        present.put(firstName(id).orElse(nameOf.get(id)), new Occupant(id, Kind.DATA));
      }
    }
    return new NamePlan(log, present, unjudged, Lsn.ZERO);
  }

  /** The name at the log's start, or that which it was made with. */
  private Optional<String> firstName(String id) {
    return ofEach.getOrDefault(id, List.of()).stream()
        .filter(change -> !change.removes())
        .findFirst()
        .flatMap(change -> change.from().or(change::to));
  }

  private RecoveryStops.Moves moves(Set<String> chosen, Set<String> rest, Set<String> done) {
    Map<String, Path> before = new HashMap<>();
    Map<String, Path> after = new HashMap<>();
    Set<String> aside = new HashSet<>(rest);
    aside.addAll(done);
    for (String id : chosen) {
      if (nameOf.containsKey(id)) {
        firstName(id).ifPresent(name -> before.put(id, places.of(id, name)));
      }
    }
    if (rest.isEmpty()) {
      for (String id : done) {
        after.put(id, places.of(id, changes.names().get(id).orElseThrow()));
      }
    }
    return new RecoveryStops.Moves(before, Set.of(), aside, after);
  }
}
