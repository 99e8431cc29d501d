package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;

/**
 * Databases of a new copy that were renamed outside of a transaction: libdb logs nothing of that.
 * Recovery passes over what was logged under another name, or makes the file anew under it, beside
 * the copy and with the same id, and then writes to either.
 */
final class UnloggedRenaming {
  private final NavigableMap<String, List<String>> places;
  private final Map<String, Set<String>> names;

  private UnloggedRenaming(List<LogRecord> log, EnvironmentFiles copies) {
    places = NamePlaces.all(copies);
    names = NameRecords.given(log, true);
  }

  /**
   * Where the copy of one lies.
   *
   * @param log that recovery will read, ascending, also how files were opened
   * @param written what was logged before this was in the source's files when the copying began
   * @param copies as they were made
   */
  static Optional<String> find(List<LogRecord> log, Lsn written, EnvironmentFiles copies) {
    UnloggedRenaming renaming = new UnloggedRenaming(log, copies);
    return renaming.byLog().or(() -> renaming.byOpening(log, written));
  }

  /** The log gives it names, and the copy has none of these. */
  private Optional<String> byLog() {
    for (Map.Entry<String, Set<String>> each : names.entrySet()) {
      Optional<String> stray = stray(each.getKey(), each.getValue());
      if (stray.isPresent()) {
        return stray;
      }
    }
    return Optional.empty();
  }

  /** It was opened by a name that neither the copy has nor the log gives it. */
  private Optional<String> byOpening(List<LogRecord> log, Lsn written) {
    for (LogRecord record : log) {
      if (record instanceof FileRegistration opened
          && opened.lsn().compareTo(written) >= 0
          && opened.namesFile()) {
        String id = opened.fileId().toString();
        String name = NameRecords.shortest(opened);
        if (!NameRecords.isPassing(name) && !names.getOrDefault(id, Set.of()).contains(name)) {
          Optional<String> stray = stray(id, Set.of(name));
          if (stray.isPresent()) {
            return stray;
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> stray(String id, Collection<String> called) {
    // An encrypted file shows the beginning of its id only.
    Map.Entry<String, List<String>> there = places.floorEntry(id);
    if (there == null
        || !id.startsWith(there.getKey())
        || there.getValue().stream()
            .anyMatch(place -> called.stream().anyMatch(name -> NamePlaces.isAt(place, name)))) {
      return Optional.empty();
    }
    return Optional.of(there.getValue().get(0));
  }
}
