package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The active environment, as the steps see it. Closing it leaves the environment; nothing of the
 * source is ever written, but for log files removed by {@link
 * io.github.bdbstandby.procedure.steps.MoveInactiveLogs}.
 *
 * <p>Thread-safe as far as {@link EnvironmentView} is.
 */
public abstract sealed class Source implements AutoCloseable permits OpenedSource, PassiveSource {
  private final EnvironmentOptions options;
  private final Path home;
  private final Optional<Path> relativeLogDirectory;
  private final List<Path> dataDirectories;

  /**
   * What all sources have.
   *
   * @param dataDirectories from DB_CONFIG and from the application's code
   * @param logDirectory likewise; empty for the home
   */
  Source(
      Path home,
      EnvironmentOptions options,
      Collection<String> dataDirectories,
      Optional<String> logDirectory) {
    this.home = home;
    this.options = options;
    this.relativeLogDirectory = logDirectory.map(FileNames::toPath);
    Set<Path> data = new LinkedHashSet<>();
    dataDirectories.forEach(directory -> data.add(FileNames.toPath(directory)));
    this.dataDirectories = List.copyOf(data);
  }

  /** The source as one that can be asked; empty if only its files are read. */
  public abstract Optional<OpenedSource> opened();

  /** What this process has to do with those that write. */
  public abstract Sharing sharing();

  /**
   * The lowest log file that recovery of a copy begun after this call needs.
   *
   * @return empty if there is no log file at all
   */
  public abstract OptionalLong firstNeeded() throws IOException;

  /** The LSN up to which the log is on disk. */
  public abstract Lsn flushed() throws IOException;

  /** Has what is committed and not flushed written to the log files, where that is safe to do. */
  public void flush() {}

  /**
   * Whether its log and its databases are encrypted; a passive one is taken for so by its password.
   */
  public abstract boolean encrypted();

  /**
   * Lets the log be read.
   *
   * @param from where reading will begin
   */
  public abstract <T> T readLog(Lsn from, Function<EnvironmentView, T> reader) throws IOException;

  @Override
  public abstract void close();

  /** The environment's home, absolute. */
  public Path home() {
    return home;
  }

  /**
   * Where its log files are; the home, unless DB_CONFIG or the application's code say otherwise.
   */
  public Path logDirectory() {
    // As what is found on a walk is spelled: ./logs is logs.
    return relativeLogDirectory.map(home::resolve).map(Path::normalize).orElse(home);
  }

  /** As set in DB_CONFIG and in code: relative to the home, unless somebody set absolute ones. */
  public List<Path> dataDirectories() {
    return dataDirectories;
  }

  /** Directories the caller named because the application sets them in code. */
  public EnvironmentOptions options() {
    return options;
  }

  /**
   * The log files, ascending, read off the directory: {@code DB_ARCH_LOG} walks down from the last
   * file and stops at the first one missing, so that a hole looks like a short list. A last file
   * that has no bytes yet is left out.
   */
  public List<LogFile> logFiles() throws IOException {
    List<LogFile> files = LogFile.in(logDirectory());
    if (!files.isEmpty() && !Files.exists(last(files).path())) {
      files = LogFile.in(logDirectory()); // libdb removes no last one: it went with its directory
    }
    return files.isEmpty() || last(files).size() > 0 ? files : files.subList(0, files.size() - 1);
  }

  private static LogFile last(List<LogFile> files) {
    return files.get(files.size() - 1);
  }

  /** What lies in the home now. */
  public EnvironmentFiles files() throws IOException {
    return EnvironmentFiles.in(home, logDirectory(), Set.of());
  }

  /**
   * The DB_CONFIG that a standby of this environment has when it is promoted. Its log stays where
   * it is, wherever the source's goes: recovery that finds no log ends well, and has done nothing.
   */
  public DbConfig promotedConfig(Layout layout, Target standby) throws IOException {
    DbConfig config = DbConfig.of(home);
    DbConfig there =
        layout == Layout.FLAT
            ? config.withoutDirectories()
            : config.with(options.dataDirectories(), options.logDirectory());
    return there.withLogIn(standby.home().relativize(standby.logDirectory()));
  }

  /** The log directory of a standby of this environment, in its home. */
  public Path logDirectoryIn(Path standbyHome, Layout layout) {
    Optional<Path> relative = layout == Layout.FLAT ? Optional.empty() : relativeLogDirectory;
    return relative.map(standbyHome::resolve).map(Path::normalize).orElse(standbyHome);
  }
}
