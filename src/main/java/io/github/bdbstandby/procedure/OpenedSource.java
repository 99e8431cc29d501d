package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source that is open here: joined, where others have it open too; opened privately, where nobody
 * has; or attached, where this process itself has it open.
 */
public final class OpenedSource extends Source {
  private static final Logger LOG = LoggerFactory.getLogger(OpenedSource.class);
  private static final Duration CHECKPOINT_LIMIT = Duration.ofMinutes(10);
  private final DbEnvironment environment;
  private final RegionCalls regions;
  private final Sharing sharing;

  /**
   * Takes over an open environment.
   *
   * @param home its home, absolute
   * @param options how it was opened
   * @param sharing what this process has to do with those that write
   * @param regions makes the calls into its shared regions
   */
  public OpenedSource(
      DbEnvironment environment,
      Path home,
      EnvironmentOptions options,
      Sharing sharing,
      RegionCalls regions) {
    super(home, options, environment.dataDirectories(), environment.logDirectory());
    this.environment = environment;
    this.regions = regions;
    this.sharing = sharing;
  }

  /**
   * Asks the environment, with a deadline where another process may have died in its regions. In
   * the application's own process it is stuck only where the application is.
   *
   * @throws SourceStuckException if it does not answer
   */
  public <T> T ask(Function<? super DbEnvironment, T> question) {
    return sharing == Sharing.OTHER_PROCESS
        ? regions.call(() -> question.apply(environment))
        : question.apply(environment);
  }

  /** Forces a checkpoint, which may take long; nothing to do where nobody has it open. */
  public void checkpoint() {
    if (sharing != Sharing.NOBODY) {
      patiently(open -> open.checkpoint(true));
    }
  }

  /**
   * Holds bulk loading back. While a bulk transaction is open, libdb makes a checkpoint at once,
   * and waits for the application's own.
   */
  public void holdHotBackup() {
    // The lock that it takes first: where that does not come, there is no need for patience.
    ask(DbEnvironment::preparedTransactions);
    patiently(DbEnvironment::holdHotBackup);
  }

  private void patiently(Consumer<? super DbEnvironment> work) {
    if (sharing == Sharing.OTHER_PROCESS) {
      regions.call(
          () -> {
            work.accept(environment);
            return null;
          },
          CHECKPOINT_LIMIT);
    } else {
      work.accept(environment);
    }
  }

  /** For a copy that libdb itself makes, in the process that runs the environment. */
  public DbEnvironment environment() {
    return environment;
  }

  @Override
  public Optional<OpenedSource> opened() {
    return Optional.of(this);
  }

  @Override
  public Sharing sharing() {
    return sharing;
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code log_archive} with no flag lists those that are not needed. Where it lists none, all
   * are.
   */
  @Override
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
   * {@inheritDoc}
   *
   * <p>Flushed first where that can leave nobody with our lock: in the application's own process.
   */
  @Override
  public Lsn flushed() {
    flush();
    return ask(DbEnvironment::logStatus).onDisk();
  }

  @Override
  public void flush() {
    if (sharing == Sharing.SAME_LIFE) {
      environment.flushLog();
    }
  }

  @Override
  public boolean encrypted() {
    return ask(DbEnvironment::encrypted);
  }

  @Override
  public <T> T readLog(Lsn from, Function<EnvironmentView, T> reader) {
    return ask(reader);
  }

  /**
   * Leaves the environment, but for an attached one, which is its owner's; one that is stuck is
   * left when it answers after all, since leaving it needs its locks.
   */
  @Override
  public void close() {
    if (sharing == Sharing.SAME_LIFE) {
      return;
    }
    if (regions.isStuck()) {
      regions.afterStuck(this::leave);
    } else {
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

  private void leave() {
    try {
      environment.close();
    } catch (DbException e) {
      LOG.debug("left too late", e);
    }
  }
}
