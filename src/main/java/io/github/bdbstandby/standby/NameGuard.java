package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.FileCreated;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.FileRemoved;
import io.github.bdbstandby.libdb.FileRenamed;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the database names in a stretch of the log: recovery of a copy opens files by these
 * names, so each must lead to a file that the copy has, and none to the live one.
 */
final class NameGuard {
  /** The records that tell names. */
  static final Set<LogRecordType> TYPES =
      Set.of(
          LogRecordType.DBREG_REGISTER,
          LogRecordType.FOP_CREATE,
          LogRecordType.FOP_REMOVE,
          LogRecordType.FOP_FILE_REMOVE,
          LogRecordType.FOP_RENAME,
          LogRecordType.FOP_RENAME_NOUNDO);

  private final Path home;
  private final List<Path> roots;
  private final Map<String, FileRegistration> registered = new LinkedHashMap<>();
  private final Set<String> removed = new HashSet<>();
  private final Set<String> explained = new HashSet<>();
  private final Set<String> madeHere = new HashSet<>();
  private final List<String> inDataDirectory = new ArrayList<>();

  /** A name that is in the way, and why. */
  record Objection(Reason reason, String message, String hint) {}

  /**
   * For one environment.
   *
   * @param dataDirectories relative to the home
   */
  NameGuard(Path home, List<Path> dataDirectories) {
    this.home = home;
    List<Path> all = new ArrayList<>();
    all.add(home);
    dataDirectories.forEach(directory -> all.add(home.resolve(directory)));
    this.roots = List.copyOf(all);
  }

  /**
   * Reads the names.
   *
   * @param log an environment that can read the log
   * @param from its first record of interest
   * @return a name by which recovery would leave the copy
   */
  Optional<Objection> scan(EnvironmentView log, Lsn from) {
    return read(LogStretch.read(log, from, Lsn.ZERO, TYPES), from);
  }

  /**
   * Reads the names.
   *
   * @param log records, ascending: all {@link #TYPES} and maybe others
   * @param from records before this only explain what comes later
   * @return a name by which recovery would leave the copy
   */
  Optional<Objection> read(List<LogRecord> log, Lsn from) {
    List<Objection> objections = new ArrayList<>();
    // A file is created under a passing name, which would tell the user nothing.
    List<Objection> creations = new ArrayList<>();
    for (LogRecord record : log) {
      if (record.lsn().compareTo(from) >= 0) {
        note(record, record instanceof FileCreated ? creations : objections);
      } else if (record instanceof FileRenamed renamed) {
        // Made in a transaction that was open then: it may have ended without a trace.
        madeHere.add(renamed.newName());
      }
    }
    objections.addAll(creations);
    // What leads recovery to the live file weighs more than what it does not find.
    return objections.stream()
        .min(Comparator.comparing(each -> each.reason() != Reason.ABSOLUTE_PATH));
  }

  private void note(LogRecord record, List<Objection> objections) {
    if (record instanceof FileRegistration registration) {
      if (registration.name() == null || registration.isInMemory()) {
        return;
      }
      inside(registration.name(), "").ifPresent(objections::add);
      if (!registration.isClose()) {
        registered.put(registration.name(), registration);
      }
    } else if (record instanceof FileCreated created) {
      if (created.directory() != null && !created.directory().isEmpty()) {
        inDataDirectory.add(inDirectory(created.directory(), created.name()));
      }
      inside(created.name(), created.directory()).ifPresent(objections::add);
      madeHere.add(created.name());
    } else if (record instanceof FileRemoved gone) {
      removed.add(gone.fileId().toString());
    } else if (record instanceof FileRenamed renamed) {
      inside(renamed.newName(), renamed.directory()).ifPresent(objections::add);
      explained.add(renamed.fileId().toString());
      madeHere.add(renamed.newName());
      String before = inDirectory(renamed.directory(), renamed.oldName());
      String after = inDirectory(renamed.directory(), renamed.newName());
      inDataDirectory.replaceAll(name -> name.equals(before) ? after : name);
    }
  }

  private static String inDirectory(String directory, String name) {
    return directory + "/" + name;
  }

  private Optional<Objection> inside(String name, String directory) {
    Path path = FileNames.toPath(name);
    if (path.isAbsolute()) {
      return Optional.of(
          new Objection(
              Reason.ABSOLUTE_PATH,
              FileNames.escaped(name)
                  + ": opened by its absolute path, so that recovery of a copy would open this file",
              "have the application open it by a name relative to the home or a data directory"));
    }
    if (!home.resolve(path).normalize().startsWith(home.normalize())) {
      return Optional.of(
          new Objection(
              Reason.ABSOLUTE_PATH,
              FileNames.escaped(name) + ": leads out of " + FileNames.shown(home),
              "keep databases below the home"));
    }
    if (directory != null && !directory.isEmpty() && !isKnown(directory)) {
      return Optional.of(
          new Objection(
              Reason.UNRESOLVED_DATABASE,
              FileNames.escaped(name)
                  + ": made in the data directory "
                  + FileNames.escaped(directory)
                  + ", which nobody told us of",
              "give each data directory that the application sets in code: --data-dir"));
    }
    return Optional.empty();
  }

  private boolean isKnown(String directory) {
    Path path = home.resolve(FileNames.toPath(directory)).normalize();
    return roots.stream().anyMatch(root -> root.normalize().equals(path));
  }

  /**
   * After a scan: a database made in a data directory. Recovery makes it there again, where nobody
   * looks for it in a flat standby.
   */
  Optional<Objection> madeInDataDirectory() {
    return inDataDirectory.stream()
        .findFirst()
        .map(
            name ->
                new Objection(
                    Reason.UNRESOLVED_DATABASE,
                    FileNames.escaped(name)
                        + ": made in a data directory since; a flat standby can't follow that",
                    "a new snapshot has it; the mirror layout follows"));
  }

  /** After a scan: what names the databases in files that the log says are open. */
  List<FileRegistration> registrations() {
    return List.copyOf(registered.values());
  }

  /** What is known of files from the log before that which was read. */
  void explain(List<LogRecord> earlier) {
    for (LogRecord record : earlier) {
      if (record instanceof FileRemoved gone) {
        removed.add(gone.fileId().toString());
      } else if (record instanceof FileRenamed renamed
          && inside(renamed.newName(), renamed.directory()).isEmpty()) {
        explained.add(renamed.fileId().toString());
      }
    }
  }

  /**
   * After a scan: a database that the log names, that is nowhere below the home, and whose going
   * the log does not explain.
   */
  Optional<Objection> unresolved(EnvironmentFiles files) {
    Set<String> ids = files.fileIds();
    // What was made where no directory is any more, recovery can't make: it passes over all of it.
    boolean isAway = !roots.stream().allMatch(Files::isDirectory);
    for (FileRegistration each : registered.values()) {
      String id = each.fileId().toString();
      boolean known =
          roots.stream().anyMatch(root -> Files.exists(root.resolve(FileNames.toPath(each.name()))))
              || ids.stream().anyMatch(id::startsWith)
              || removed.contains(id)
              || (!isAway && (explained.contains(id) || madeHere.contains(each.name())));
      if (!known) {
        return Optional.of(
            new Objection(
                Reason.UNRESOLVED_DATABASE,
                FileNames.escaped(each.name())
                    + ": the log names this database, but no such file is below "
                    + FileNames.shown(home),
                "give each data directory that the application sets in code: --data-dir"));
      }
    }
    return Optional.empty();
  }
}
