package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Names that a log has for a database and, at another time, for a directory of databases. libdb's
 * recovery goes through all of it, back and forth, and panics where it meets the one in place of
 * the other.
 */
final class NameClash {
  private final Map<Path, Set<Path>> directories = new HashMap<>();
  private final Layout layout;

  private NameClash(List<LogRecord> log, Layout layout) {
    this.layout = layout;
    for (NamedDirectory each : NameRecords.directories(log)) {
      for (Path path = each.below(); path != null; path = path.getParent()) {
        directories.computeIfAbsent(path, key -> new HashSet<>()).add(each.data().normalize());
      }
    }
  }

  /**
   * The first of them, if there are any.
   *
   * @param log as {@link NameRecords#ofNames} has it
   */
  static Optional<String> find(List<LogRecord> log, Layout layout) {
    NameClash clash = new NameClash(log, layout);
    return clash.directories.isEmpty() ? Optional.empty() : clash.in(log);
  }

  private Optional<String> in(List<LogRecord> log) {
    for (LogRecord record : log) {
      if (record instanceof FileRenamed renamed) {
        Optional<Path> data = Optional.ofNullable(renamed.directory()).map(FileNames::toPath);
        for (String name : List.of(renamed.oldName(), renamed.newName())) {
          if (isOne(name, data)) {
            return Optional.of(name);
          }
        }
      } else if (record instanceof FileRemoved removed && isOne(removed.name(), Optional.empty())) {
        return Optional.of(removed.name());
      }
    }
    return Optional.empty();
  }

  /**
   * Whether that is one.
   *
   * @param data the data directory that it is in, if that is known
   */
  private boolean isOne(String name, Optional<Path> data) {
    Set<Path> there = directories.getOrDefault(FileNames.toPath(name), Set.of());
    return (layout == Layout.FLAT || data.isEmpty())
        ? !there.isEmpty()
        : there.contains(data.get().normalize());
  }
}
