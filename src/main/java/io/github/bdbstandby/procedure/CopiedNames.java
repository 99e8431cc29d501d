package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameChanges.Change;
import io.github.bdbstandby.procedure.NameReplay.Kind;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.io.IOException;
import java.nio.file.Path;
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
 * How recovery of a new copy follows what the log does to the names of databases.
 *
 * <p>A database that was renamed has its copy under a later name than it had at the last checkpoint
 * before, and recovery would pass over all that was logged under that; what the source had in its
 * cache only is in no page. So the copy gets that name, and recovery renames it once more.
 * Databases that had the same name in turn have a recovery each.
 */
final class CopiedNames {
  private static final int MOST = 16;

  private final List<LogRecord> log;
  private final Lsn written;
  private final NameChanges changes;
  private final Map<String, List<Change>> ofEach;
  private final NamePlaces places;
  private final Map<String, Occupant> copies;
  private final Map<String, String> nameOf = new HashMap<>();
  private final Set<String> withExtents = new HashSet<>();
  private final Map<String, String> lost = new HashMap<>();

  private CopiedNames(
      List<LogRecord> log, Lsn written, Lsn copied, EnvironmentFiles present, Layout layout) {
    this.written = written;
    this.log = log;
    this.changes = new NameChanges(this.log);
    this.ofEach = changes.ofEach();
    this.places = new NamePlaces(this.log, present, layout);
    this.copies = places.occupants();
    copies.forEach((name, there) -> nameOf.put(there.id(), name));
    for (DatabaseFile file : present.databases()) {
      // Its extents would have to go with it.
      file.format()
          .filter(format -> format.extentPages() > 0)
          .map(PageFormat::fileId)
          .ifPresent(withExtents::add);
    }
    lookForLost(copied, present);
  }

  /**
   * What had its last name when the copying began, and was not found, the source has not: recovery
   * by libdb loses what was renamed shortly before a crash.
   */
  private void lookForLost(Lsn copied, EnvironmentFiles present) {
    NameChanges before = new NameChanges(NameRecords.upTo(log, copied));
    Set<String> later = new HashSet<>();
    for (LogRecord record : log) {
      if (record.lsn().compareTo(copied) >= 0) {
        NameRecords.fileId(record).ifPresent(later::add);
      }
    }
    before
        .names()
        .forEach(
            (id, name) -> {
              boolean isThere =
                  nameOf.containsKey(id)
                      || present.others().stream()
                          .map(other -> FileNames.toName(other.relative()))
                          .anyMatch(place -> NamePlaces.isAt(place, name.orElse(place)));
              if (name.isPresent() && !isThere && !later.contains(id) && !before.isPending(id)) {
                lost.put(id, name.get());
              }
            });
  }

  /**
   * Looks for it.
   *
   * @param log records of the log that recovery will read, ascending; all {@link
   *     RecoveryStops#TYPES}, how files were opened, and maybe others
   * @param written what was logged before this was in the source's files when the copying began
   * @param copied where the log ended then
   * @param target has the copies
   */
  static RecoveryStops find(
      List<LogRecord> log, Lsn written, Lsn copied, Target target, Layout layout)
      throws IOException {
    List<LogRecord> names = NameRecords.ofNames(log);
    Optional<RecoveryStops> plain = RecoveryStops.plain(names);
    EnvironmentFiles copies = target.files();
    RecoveryStops found =
        plain.isPresent()
            ? plain.get().barring(names, target, layout)
            : new CopiedNames(names, written, copied, copies, layout).find();
    return found
        .or(() -> NameClash.find(names, layout))
        .or(() -> UnloggedRenaming.find(log, written, copies));
  }

  private RecoveryStops find() {
    Set<String> left = renamed();
    Set<String> done = new HashSet<>();
    Optional<String> astray = changes.torn(written, lost.keySet());
    Optional<String> stranded = Optional.empty();
    List<RecoveryStops.Stage> stages = new ArrayList<>();
    do {
      Map<String, String> chosen = new LinkedHashMap<>();
      left.forEach(id -> chosen.put(id, nameThen(id)));
      NamePlan plan = plan(chosen, left, done);
      if (!plan.bad().isEmpty() || Set.copyOf(chosen.values()).size() < chosen.size()) {
        chosen.clear();
        chosen.putAll(choose(left, done));
        plan = plan(chosen, left, done);
      }
      Set<String> bad = plan.bad();
      if (!bad.isEmpty() || (chosen.isEmpty() && !left.isEmpty()) || stages.size() == MOST) {
        String id = (bad.isEmpty() ? left : bad).iterator().next();
        astray = astray.or(() -> Optional.of(changes.called(id)));
        stages.add(places.whole(plan, RecoveryStops.Moves.NONE));
        break;
      }
      Set<String> rest = new LinkedHashSet<>(left);
      rest.removeAll(chosen.keySet());
      RecoveryStops.Moves moves = moves(chosen, rest, done);
      if (rest.isEmpty()) {
        Map<String, Occupant> after = after(plan, done);
        stages.add(places.last(plan, moves, after));
        stranded = StopsSearch.stranded(log, after, lost.keySet()).map(changes::called);
      } else {
        stages.add(places.whole(plan, moves));
      }
      done.addAll(chosen.keySet());
      left = rest;
    } while (!left.isEmpty());
    return new RecoveryStops(stages, changes.names(lost.keySet()), astray, stranded, lost);
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
    Set<String> wrong = plan(Map.of(), Set.of(), Set.of()).bad();
    changes
        .names()
        .forEach(
            (id, name) -> {
              boolean isRenamed =
                  ofEach.getOrDefault(id, List.of()).stream()
                      .anyMatch(each -> each.isRenaming() && each.lsn().compareTo(written) >= 0);
              boolean isWanted = name.isPresent() && !isKept(id) && !lost.containsKey(id);
              if (isWanted && (isRenamed || wrong.contains(id))) {
                ids.add(id);
              }
            });
    return ids;
  }

  private boolean isKept(String id) {
    return withExtents.stream().anyMatch(id::startsWith);
  }

  /** As many as one recovery can do, and the names that their copies must have before it. */
  private Map<String, String> choose(Set<String> left, Set<String> done) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (String id : left) {
      for (String name : List.of(nameThen(id), changes.firstName(id).orElse(nameThen(id)))) {
        if (!chosen.containsKey(id) && !chosen.containsValue(name)) {
          chosen.put(id, name);
          if (!plan(chosen, left, done).bad().isEmpty()) {
            chosen.remove(id);
          }
        }
      }
    }
    return chosen;
  }

  /** Recovery with some of them under certain names, and the rest out of sight. */
  private NamePlan plan(Map<String, String> chosen, Set<String> left, Set<String> done) {
    Map<String, Occupant> present = new HashMap<>();
    copies.forEach(
        (name, there) -> {
          if (!left.contains(there.id()) && !done.contains(there.id())) {
            present.put(name, there);
          }
        });
    Set<String> unjudged = new HashSet<>(done);
    unjudged.addAll(left);
    unjudged.removeAll(chosen.keySet());
    chosen.forEach(
        (id, name) -> {
          if (nameOf.containsKey(id)) {
            present.put(name, new Occupant(id, Kind.DATA));
          }
        });
    return new NamePlan(log, present, lost.keySet(), unjudged, written);
  }

  /** What a database was called when all was written, or what it was made as since. */
  private String nameThen(String id) {
    return ofEach.getOrDefault(id, List.of()).stream()
        .filter(change -> !change.removes() && change.lsn().compareTo(written) >= 0)
        .findFirst()
        .flatMap(change -> change.from().or(change::to))
        .or(() -> changes.names().getOrDefault(id, Optional.empty()))
        .orElse(id);
  }

  private RecoveryStops.Moves moves(
      Map<String, String> chosen, Set<String> rest, Set<String> done) {
    Map<String, Path> before = new HashMap<>();
    Map<String, Path> after = new HashMap<>();
    Set<String> aside = new HashSet<>(rest);
    aside.addAll(done);
    chosen.forEach(
        (id, name) -> {
          if (nameOf.containsKey(id)) {
            before.put(id, places.of(id, name));
          }
        });
    if (rest.isEmpty()) {
      for (String id : done) {
        after.put(id, places.of(id, changes.names().get(id).orElseThrow()));
      }
    }
    return new RecoveryStops.Moves(before, Set.of(), aside, after);
  }
}
