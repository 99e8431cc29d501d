package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active environment, as the steps see it. Closing it leaves the environment; nothing of the
 * source is ever written, but for log files removed by {@link
 * io.github.bdbstandby.procedure.steps.MoveInactiveLogs}.
 *
 * <p>Thread-safe as far as {@link DbEnvironment} is.
 */
public final class Source implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Source.class);
  private static final Duration CHECKPOINT_LIMIT = Duration.ofMinutes(10);
  private final DbEnvironment environment;
  private final RegionCalls regions;
  private final EnvironmentOptions options;
  private final Sharing sharing;
  private final Path home;
  private final Path logDirectory;
  private final List<Path> dataDirectories;

  /**
   * Takes over an open environment.
   *
   * @param home its home, absolute
   * @param options how it was opened
   * @param sharing what this process has to do with those that write
   * @param regions makes the calls into its shared regions
   */
  public Source(
      DbEnvironment environment,
      Path home,
      EnvironmentOptions options,
      Sharing sharing,
      RegionCalls regions) {
    this.environment = environment;
    this.regions = regions;
    this.options = options;
    this.sharing = sharing;
    this.home = home;
    this.logDirectory = environment.logDirectory().map(home::resolve).orElse(home);
    Set<Path> data = new LinkedHashSet<>();
    environment.dataDirectories().forEach(directory -> data.add(Path.of(directory)));
    this.dataDirectories = List.copyOf(data);
  }

  /**
   * Asks the environment, with a deadline where others share its regions.
   *
   * @throws SourceStuckException if it does not answer
   */
  public <T> T ask(Function<DbEnvironment, T> question) {
    return sharing == Sharing.NOBODY
        ? question.apply(environment)
        : regions.call(() -> question.apply(environment));
  }

  /** Forces a checkpoint, which may take long; nothing to do where nobody has it open. */
  public void checkpoint() {
    if (sharing != Sharing.NOBODY) {
      regions.call(
          () -> {
            environment.checkpoint(true);
            return null;
          },
          CHECKPOINT_LIMIT);
    }
  }

  /** For a copy that libdb itself makes, in the process that runs the environment. */
  public DbEnvironment environment() {
    return environment;
  }

  public Path home() {
    return home;
  }

  public Path logDirectory() {
    return logDirectory;
  }

  /** As set in DB_CONFIG and in code: relative to the home, unless somebody set absolute ones. */
  public List<Path> dataDirectories() {
    return dataDirectories;
  }

  /** Directories the caller named because the application sets them in code. */
  public EnvironmentOptions options() {
    return options;
  }

  public Sharing sharing() {
    return sharing;
  }

  /**
   * The lowest log file that recovery of a copy begun after this call needs: {@code log_archive}
   * with no flag lists those it does not need. Where it lists none, all are needed.
   *
   * @return empty if there is no log file at all
   */
  public OptionalLong firstNeeded() throws IOException {
    OptionalLong inactive = ask(DbEnvironment::inactiveLogFiles).highest();
    if (inactive.isPresent()) {
      return OptionalLong.of(inactive.getAsLong() + 1);
    }
    return logFiles().stream().mapToLong(LogFile::number).min();
  }

  /** The log files before {@link #firstNeeded}, ascending. */
  public List<LogFile> inactiveLogFiles() {
    return ask(DbEnvironment::inactiveLogFiles).logFiles();
  }

  /**
   * The log files, ascending, read off the directory: {@code DB_ARCH_LOG} walks down from the last
   * file and stops at the first one missing, so that a hole looks like a short list. A last file
   * that has no bytes yet is left out.
   */
  public List<LogFile> logFiles() throws IOException {
    List<LogFile> files = LogFile.in(logDirectory);
    if (!files.isEmpty()) {
      LogFile last = files.get(files.size() - 1);
      if (!Files.exists(last.path()) || Files.size(last.path()) == 0) {
        return files.subList(0, files.size() - 1);
      }
    }
    return files;
  }

  /** The LSN up to which the log is on disk. */
  public Lsn flushed() {
    return ask(DbEnvironment::logStatus).onDisk();
  }

  /** What lies in the home now. */
  public EnvironmentFiles files() throws IOException {
    return EnvironmentFiles.in(home, logDirectory, Set.of());
  }

  /** The DB_CONFIG that a standby of this environment has when it is promoted. */
  public DbConfig promotedConfig(Layout layout) throws IOException {
    DbConfig config = DbConfig.of(home);
    return layout == Layout.FLAT
        ? config.withoutDirectories()
        : config.with(options.dataDirectories(), options.logDirectory());
  }

  /** The log directory of a standby of this environment, in its home. */
  public Path logDirectoryIn(Path standbyHome, Layout layout) {
    Optional<Path> relative =
        layout == Layout.FLAT ? Optional.empty() : environment.logDirectory().map(Path::of);
    return relative.map(standbyHome::resolve).map(Path::normalize).orElse(standbyHome);
  }

  /**
   * Leaves the environment; one that is stuck is left as it is, since leaving it needs its locks.
   */
  @Override
  public void close() {
    if (!regions.isStuck()) {
      try {
        ask(
            open -> {
              open.close();
              return null;
            });
      } catch (SourceStuckException e) {
        LOG.warn("{}", e.getMessage());
      }
    }
  }
}
