package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.FileRegistration;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.procedure.NameRecords;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Databases that came to the source without its log, by {@code db_load} with nobody there or by a
 * copy of a file. Recovery of the standby finds no such file, and passes over all that the log has
 * of it without a word.
 */
final class UnloggedFiles {
  private final List<Path> ofSource;
  private final List<Path> ofStandby;
  private final EnvironmentFiles present;
  private final Target target;

  /**
   * For one cycle, or a failover.
   *
   * @param source its home
   * @param dataDirectories of it, relative to its home
   * @param present what the source has
   */
  UnloggedFiles(Path source, List<Path> dataDirectories, EnvironmentFiles present, Target target) {
    List<Path> directories = new ArrayList<>(List.of(Path.of("")));
    directories.addAll(dataDirectories);
    this.ofSource = directories.stream().map(source::resolve).toList();
    this.ofStandby = directories.stream().map(target.home()::resolve).toList();
    this.present = present;
    this.target = target;
  }

  /**
   * What is to be said of each. What the source does not have either is none: it was removed, or is
   * in memory, or its making was aborted.
   *
   * @param registrations in what the standby does not have yet
   * @param log all that its recovery will read of names
   */
  List<String> found(List<FileRegistration> registrations, List<LogRecord> log) throws IOException {
    List<FileRegistration> unknown = new ArrayList<>();
    for (FileRegistration each : registrations) {
      if (!isAt(ofStandby, each)) {
        unknown.add(each);
      }
    }
    if (unknown.isEmpty()) {
      return List.of();
    }
    // Rarely: a database was made since, or has another name by now.
    Set<String> known = NameRecords.made(log);
    unknown.removeIf(each -> known.contains(each.fileId().toString()));
    Set<String> source = present.fileIds();
    Set<String> standby = unknown.isEmpty() ? Set.of() : atStandby();
    List<String> found = new ArrayList<>();
    for (FileRegistration each : unknown) {
      if (!has(standby, each) && (has(source, each) || isAt(ofSource, each))) {
        found.add(
            FileNames.escaped(each.name())
                + ": has come to "
                + FileNames.shown(ofSource.get(0))
                + " past its log, by db_load or as a copy, so that recovery of the standby would"
                + " not have it");
      }
    }
    return found;
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
  private static boolean has(Set<String> ids, FileRegistration registration) {
    return ids.stream().anyMatch(registration.fileId().toString()::startsWith);
  }

  private static boolean isAt(List<Path> directories, FileRegistration registration)
      throws IOException {
    for (Path directory : directories) {
      Path file = directory.resolve(FileNames.toPath(registration.name()));
      Optional<PageFormat> format = Files.isRegularFile(file) ? format(file) : Optional.empty();
      if (format.filter(of -> has(Set.of(of.fileId()), registration)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Optional<PageFormat> format(Path file) throws IOException {
    try {
      return PageFormat.of(file);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed meanwhile
    }
  }
}
