package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.NameChanges.Change;
import io.github.bdbstandby.procedure.NameReplay.Kind;
import io.github.bdbstandby.procedure.NameReplay.Occupant;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a target's files had where its history ends. A cycle that was cut off may have
 * gone on from there: it renamed files of which changes were in its cache only, and made some. What
 * it did is done once more, and for that each file gets its name back.
 */
final class NamesBefore {
  private final Map<String, Occupant> files;
  private final Map<String, String> back = new HashMap<>();
  private final Set<String> unmade = new HashSet<>();
  private Optional<String> occupied = Optional.empty();

  /**
   * Looks for them.
   *
   * @param lost ids of what is nowhere at the source
   * @param present what lies there now
   */
  NamesBefore(NameChanges changes, Lsn from, Set<String> lost, Map<String, Occupant> present) {
    files = new HashMap<>(present);
    files.values().removeIf(there -> lost.contains(there.id()) && unmade.add(there.id()));
    Map<String, List<Change>> ofEach = changes.ofEach();
    Map<String, Optional<String>> names = changes.names(lost);
    present.forEach(
        (name, there) -> {
          Optional<Change> first =
              ofEach.getOrDefault(there.id(), List.of()).stream()
                  .filter(change -> !change.removes() && change.lsn().compareTo(from) >= 0)
                  .findFirst();
          boolean lasts = names.getOrDefault(there.id(), Optional.empty()).isPresent();
          if (first.isPresent() && lasts && !first.get().from().equals(Optional.of(name))) {
            Optional<String> old = first.get().from();
            if (old.isPresent()) {
              back.put(there.id(), old.get());
              files.remove(name);
            } else if (changes.isMadeSince(there.id(), from)) {
              // Only what the log is known to have as a whole is made anew.
              unmade.add(there.id());
              files.remove(name);
            }
          }
        });
    keepOccupied(present);
    back.forEach((id, name) -> files.put(name, new Occupant(id, Kind.DATA)));
  }

  /** A file that stays keeps its name: the one that had it before stays where it is, too. */
  private void keepOccupied(Map<String, Occupant> present) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<String, Occupant> each : present.entrySet()) {
        String old = back.get(each.getValue().id());
        if (old != null && files.containsKey(old)) {
          back.remove(each.getValue().id());
          files.put(each.getKey(), each.getValue());
          occupied = Optional.of(each.getKey());
          changed = true;
        }
      }
    }
  }

  /** A file that can't get back the name that it had, since another has it. */
  Optional<String> occupied() {
    return occupied;
  }

  /** What lies there then. */
  Map<String, Occupant> files() {
    return files;
  }

  RecoveryStops.Moves moves(NamePlaces places) {
    Map<String, Path> before = new HashMap<>();
    back.forEach((id, name) -> before.put(id, places.of(id, name)));
    return new RecoveryStops.Moves(before, unmade, Set.of(), Map.of());
  }
}
