package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for the recoveries that follow a log's names: the whole log in one, or else as far as one
 * comes, and again from there.
 */
final class StopsSearch {
  /** Beyond this nobody waits for it. */
  private static final int MOST = 64;

  private StopsSearch() {}

  /**
   * Looks for them where something is renamed.
   *
   * @param log as {@link NameRecords#ofNames} has it
   * @param in no recovery can end before this
   * @param lost ids of files that the source has lost
   */
  static RecoveryStops find(
      List<LogRecord> log,
      Lsn from,
      Lsn in,
      EnvironmentFiles present,
      Layout layout,
      Set<String> lost) {
    NamePlaces places = new NamePlaces(log, present, layout);
    NameChanges changes = new NameChanges(log);
    NamesBefore before = new NamesBefore(changes, from, lost, places.occupants());
    Map<String, Occupant> files = before.files();
    List<Lsn> ends =
        changes.committed().stream()
            .map(NameChanges.Committed::first)
            .filter(lsn -> lsn.compareTo(from) > 0 && lsn.compareTo(in) > 0)
            .toList();
    List<RecoveryStops.Stage> stages = new ArrayList<>();
    Lsn start = from;
    RecoveryStops.Moves moves = before.moves(places);
    int next = 0;
    while (true) {
      Attempt whole = Attempt.of(log, files, lost, start);
      NamePlan plan = whole.plan();
      Optional<Attempt> part = Optional.empty();
      if (!plan.bad().isEmpty() && stages.size() < MOST) {
        int low = next - 1; // the last end that is known to do
        for (int high = ends.size(); low + 1 < high; ) {
          int middle = (low + high) >>> 1;
          Attempt to = Attempt.of(NameRecords.upTo(log, ends.get(middle)), files, lost, start);
          if (to.plan().bad().isEmpty()) {
            low = middle;
            part = Optional.of(to);
          } else {
            high = middle;
          }
        }
        next = low + 1;
      }
      if (part.isEmpty()) {
        Optional<String> bad = plan.bad().stream().findFirst().map(changes::called);
        stages.add(places.last(plan, whole.with(moves, places), plan.after()));
        Optional<String> astray =
            before.occupied().or(() -> changes.tornSince(from, lost)).or(() -> bad);
        return new RecoveryStops(
            stages,
            changes.names(lost),
            astray,
            stranded(log, plan.after(), lost).map(changes::called),
            Map.of());
      }
      start = ends.get(next - 1);
      stages.add(places.early(part.get().plan(), start, part.get().with(moves, places)));
      files = part.get().plan().after();
      moves = RecoveryStops.Moves.NONE;
    }
  }

  /**
   * The id of a database that recovery of the same log once more would lose.
   *
   * @param after what it has made
   */
  static Optional<String> stranded(
      List<LogRecord> log, Map<String, Occupant> after, Set<String> lost) {
    return Attempt.of(log, after, lost, RecoveryStops.ALL_IN).plan().bad().stream().findFirst();
  }

  /**
   * A recovery to be tried, with files at the names that they had first in the log, if that is what
   * it takes. What is made once more lacks what the log does not have, such as the pages of a load
   * in bulk, and libdb 5.3 may die of the records that go to those.
   */
  private record Attempt(NamePlan plan, Map<String, String> first) {
    static Attempt of(
        List<LogRecord> log, Map<String, Occupant> files, Set<String> lost, Lsn from) {
      NamePlan asItIs = new NamePlan(log, files, lost, Set.of(), from);
      Map<String, String> first = new HashMap<>();
      Map<String, Occupant> moved = new HashMap<>(files);
      files.forEach(
          (name, there) -> {
            if (asItIs.bad().contains(there.id()) || asItIs.again().contains(there.id())) {
              asItIs
                  .changes()
                  .firstName(there.id())
                  .filter(old -> !moved.containsKey(old))
                  .ifPresent(
                      old -> {
                        moved.put(old, moved.remove(name));
                        first.put(there.id(), old);
                      });
            }
          });
      if (!first.isEmpty()) {
        NamePlan plan = new NamePlan(log, moved, lost, Set.of(), from);
        if (plan.bad().isEmpty()) {
          return new Attempt(plan, first);
        }
      }
      return new Attempt(asItIs, Map.of());
    }

    RecoveryStops.Moves with(RecoveryStops.Moves moves, NamePlaces places) {
      Map<String, Path> before = new HashMap<>(moves.before());
      first.forEach((id, name) -> before.put(id, places.of(id, name)));
      return new RecoveryStops.Moves(before, moves.unmade(), moves.aside(), moves.after());
    }
  }
}
