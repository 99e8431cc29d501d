package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was done to the source's databases without its log: some came by {@code db_load} with nobody
 * there, as a copy, or were made outside of a transaction; others were renamed or removed outside
 * of one. Recovery of the standby finds no such file under the name that the log has, or another
 * one, and passes over all that the log has of it without a word.
 */
final class UnloggedFiles {
  /**
   * What is to be said of each.
   *
   * @param lost those whose logged changes recovery would pass over, or not find where they are
   * @param untold those that came to the source and that nobody has used in a transaction since: as
   *     those that an application keeps out of its log
   */
  record Found(List<String> lost, List<String> untold) {}

  private final Path source;
  private final List<Path> dataDirectories;
  private final List<Path> ofSource;
  private final List<Path> ofStandby;
  private final EnvironmentFiles present;
  private final Target target;
  private final Layout layout;

  /**
   * For one cycle, or a failover.
   *
   * @param source its home
   * @param dataDirectories of it, relative to its home
   * @param present what the source had before its log was read
   * @param layout the standby's
   */
  UnloggedFiles(
      Path source,
      List<Path> dataDirectories,
      EnvironmentFiles present,
      Target target,
      Layout layout) {
    List<Path> directories = new ArrayList<>(List.of(Path.of("")));
    directories.addAll(dataDirectories);
    this.source = source;
    this.dataDirectories = List.copyOf(dataDirectories);
    this.ofSource = directories.stream().map(source::resolve).toList();
    this.ofStandby = directories.stream().map(target.home()::resolve).toList();
    this.present = present;
    this.target = target;
    this.layout = layout;
  }

  /**
   * Looks for them. What the source does not have either is none: it was removed, or is in memory,
   * or its making was aborted.
   *
   * @param registrations in what the standby does not have yet
   * @param log all that its recovery will read of names
   * @param from where the standby's history ends
   * @param cutOff whether a cycle was: the log may have renamed since what it names
   */
  Found found(List<FileRegistration> registrations, List<LogRecord> log, Lsn from, boolean cutOff)
      throws IOException {
    List<String> lost = new ArrayList<>(replaced(log, from));
    List<String> untold = new ArrayList<>();
    List<FileRegistration> unknown = new ArrayList<>();
    for (FileRegistration each : registrations) {
      if (!EnvironmentFiles.isPassing(each.name()) && !isAt(ofStandby, each)) {
        unknown.add(each);
      }
    }
    List<DatabaseFile> moved = moved(log, from);
    // Rarely: a database was made since, or has another name by now.
    Set<String> made = NameRecords.made(log);
    Map<String, Set<String>> given = NameRecords.given(log, cutOff);
    unknown.removeIf(each -> made.contains(idOf(each)) && isGiven(given, each));
    Set<String> standby = unknown.isEmpty() && moved.isEmpty() ? Set.of() : atStandby();
    Set<String> atSource = unknown.isEmpty() ? Set.of() : present.fileIds();
    for (FileRegistration each : unknown) {
      boolean known = made.contains(idOf(each)) || has(standby, idOf(each));
      if (!(known && isGiven(given, each)) && (has(atSource, idOf(each)) || isAt(ofSource, each))) {
        lost.add(known ? renamed(each.name()) : unlogged(each.name()));
      }
    }
    for (DatabaseFile each : moved) {
      String name = FileNames.toName(each.relative());
      if (standby.contains(idOf(each))) {
        lost.add(renamed(name));
      } else if (!isOf(made, idOf(each))) {
        untold.add(unlogged(name));
      }
    }
    return new Found(lost.stream().distinct().toList(), untold);
  }

  private static String idOf(FileRegistration registration) {
    return registration.fileId().toString();
  }

  private static boolean isGiven(Map<String, Set<String>> given, FileRegistration each) {
    return given.getOrDefault(idOf(each), Set.of()).contains(NameRecords.shortest(each));
  }

  private String unlogged(String name) {
    return FileNames.escaped(name)
        + ": has come to "
        + FileNames.shown(source)
        + " past its log, by db_load, as a copy or made outside of a transaction, so that recovery"
        + " of the standby would not have it";
  }

  private String renamed(String name) {
    return FileNames.escaped(name)
        + ": got that name at "
        + FileNames.shown(source)
        + " past its log, outside of a transaction, so that recovery of the standby would not"
        + " follow it";
  }

  private String replacing(String name) {
    return FileNames.escaped(name)
        + ": was another database before, which "
        + FileNames.shown(source)
        + " has removed or renamed past its log, outside of a transaction, so that recovery of the"
        + " standby would not have the later one";
  }

  /** What takes a name that another has in the standby, of which the log says nothing since. */
  private List<String> replaced(List<LogRecord> log, Lsn from) throws IOException {
    List<String> found = new ArrayList<>();
    for (Set<String> names : NameRecords.given(since(log, from), false).values()) {
      for (String name : names) {
        if (!EnvironmentFiles.isPassing(name)) {
          Set<String> there = idsAt(ofStandby, name);
          there.removeAll(idsAt(ofSource, name));
          if (!there.isEmpty()) {
            Set<String> leaving = NameRecords.leaving(name, log);
            there.removeIf(id -> isOf(leaving, id));
          }
          if (!there.isEmpty()) {
            found.add(replacing(name));
          }
        }
      }
    }
    return found;
  }

  /** At the source, and not under that name in the standby, though the log says nothing of it. */
  private List<DatabaseFile> moved(List<LogRecord> log, Lsn from) {
    List<DatabaseFile> moved = new ArrayList<>();
    Set<String> others = new HashSet<>();
    for (DatabaseFile each : present.databases()) {
      if (each.extent().isEmpty() && each.format().isPresent()) {
        Path place = target.home().resolve(layout.place(each.relative(), dataDirectories));
        if (Files.exists(place) || EnvironmentFiles.isPassing(each.relative().toString())) {
          others.add(idOf(each)); // somebody may have copied it
        } else {
          moved.add(each);
        }
      }
    }
    if (!moved.isEmpty()) {
      Set<String> told = NameRecords.told(since(log, from));
      Map<String, Set<String>> given = NameRecords.given(log, false);
      moved.removeIf(
          each -> others.contains(idOf(each)) || isOf(told, idOf(each)) || isGiven(given, each));
    }
    return moved;
  }

  private boolean isGiven(Map<String, Set<String>> given, DatabaseFile file) {
    Path path = source.resolve(file.relative()).normalize();
    return given.entrySet().stream()
        .filter(each -> each.getKey().startsWith(idOf(file)))
        .flatMap(each -> each.getValue().stream())
        .anyMatch(
            name ->
                ofSource.stream()
                    .map(directory -> directory.resolve(FileNames.toPath(name)).normalize())
                    .anyMatch(path::equals));
  }

  private static List<LogRecord> since(List<LogRecord> log, Lsn from) {
    return log.stream().filter(each -> each.lsn().compareTo(from) >= 0).toList();
  }

  private static String idOf(DatabaseFile file) {
    return file.format().orElseThrow().fileId();
  }

  /** Whether an id, of which only the beginning may be known, is among them. */
  private static boolean isOf(Set<String> ids, String known) {
    return ids.stream().anyMatch(id -> id.startsWith(known));
  }

  /** What a cycle that was cut off has put aside is the standby's, too. */
  private Set<String> atStandby() throws IOException {
    Path home = target.home();
    Set<String> ids =
        EnvironmentFiles.in(home, target.logDirectory(), FilesAtRest.excluded(home)).fileIds();
    if (Files.isDirectory(target.aside())) {
      ids.addAll(EnvironmentFiles.in(target.aside(), target.aside(), Set.of()).fileIds());
    }
    return ids;
  }

  /** Of an encrypted file only the beginning can be read. */
  private static boolean has(Set<String> ids, String id) {
    return ids.stream().anyMatch(id::startsWith);
  }

  private static boolean isAt(List<Path> directories, FileRegistration registration)
      throws IOException {
    return has(idsAt(directories, registration.name()), idOf(registration));
  }

  private static Set<String> idsAt(List<Path> directories, String name) throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path directory : directories) {
      Path file = directory.resolve(FileNames.toPath(name));
      if (Files.isRegularFile(file)) {
        format(file).map(PageFormat::fileId).ifPresent(ids::add);
      }
    }
    return ids;
  }

  private static Optional<PageFormat> format(Path file) throws IOException {
    try {
      return PageFormat.of(file);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed meanwhile
    }
  }
}
