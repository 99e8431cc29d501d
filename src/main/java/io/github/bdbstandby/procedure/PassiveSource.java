package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.libdb.Subsystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A source whose files are read and nothing else: its regions are never joined, so that it may live
 * in another container, belong to another user, or lie on a file system mounted read-only. What is
 * in nobody's files can't be known: commits not flushed yet, and whether bulk loading is logged.
 *
 * <p>The log is read in copies, in a scratch directory: libdb never opens the source's own.
 */
public final class PassiveSource extends Source {
  private static final int ATTEMPTS = 10;
  private final EnvironmentOptions reading;

  /** The last record that was seen: its end can't be gone by while its header is half written. */
  private Lsn last = Lsn.ZERO;

  /**
   * A source on disk.
   *
   * @param options its directories, as the application sets them in code, and the password
   */
  public PassiveSource(Path home, EnvironmentOptions options) throws IOException {
    super(home, options, dataDirectories(home, options), DbConfig.of(home).logDirectory(options));
    this.reading = options.passwordOnly();
  }

  private static List<String> dataDirectories(Path home, EnvironmentOptions options)
      throws IOException {
    return DbConfig.of(home).with(options.dataDirectories(), Optional.empty()).dataDirectories();
  }

  @Override
  public Optional<OpenedSource> opened() {
    return Optional.empty();
  }

  /** Somebody may be writing; whether that is so can't be known. */
  @Override
  public Sharing sharing() {
    return Sharing.OTHER_PROCESS;
  }

  /**
   * {@inheritDoc}
   *
   * <p>By the last checkpoint record in the log, from which {@code log_archive} has its list too
   * ({@code __log_get_stable_lsn}). Without one, all are needed.
   */
  @Override
  public OptionalLong firstNeeded() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return firstNeededOf(logFiles());
      } catch (LogGapException e) {
        if (attempt == ATTEMPTS) { // removed as we look, again and again
          throw e;
        }
      }
    }
  }

  private OptionalLong firstNeededOf(List<LogFile> logs) throws IOException {
    for (int i = logs.size() - 1; i >= 0; i--) { // no record goes on in the next file
      Optional<Lsn> checkpoint = read(logs.subList(i, i + 1), LastCheckpoint::in);
      if (checkpoint.isPresent()) {
        return OptionalLong.of(checkpoint.get().file());
      }
    }
    return logs.stream().mapToLong(LogFile::number).min();
  }

  /** Where the records on disk end; the last ones may still be half written. */
  @Override
  public synchronized Lsn flushed() throws IOException {
    List<LogFile> logs = logFiles();
    if (logs.isEmpty()) {
      return Lsn.ZERO;
    }
    LogFile log = logs.get(logs.size() - 1);
    try (FileChannel channel = RegularFile.open(log.path())) {
      long from = log.number() == last.file() ? last.offset() : 0;
      RecordHeaders records = new RecordHeaders(channel, from);
      while (records.next()) {}
      last = new Lsn(log.number(), Math.max(records.begin(), from));
      return new Lsn(log.number(), records.end());
    }
  }

  @Override
  public boolean encrypted() {
    return options().password().isPresent();
  }

  @Override
  public <T> T readLog(Lsn from, Function<EnvironmentView, T> reader) throws IOException {
    return read(logFiles().stream().filter(log -> log.number() >= from.file()).toList(), reader);
  }

  private <T> T read(List<LogFile> logs, Function<EnvironmentView, T> reader) throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-log")) {
      for (LogFile log : logs) {
        copy(log, scratch.directory().resolve(log.path().getFileName()));
      }
      try (DbEnvironment environment =
          DbEnvironment.openPrivate(scratch.directory(), Set.of(Subsystem.LOG), reading)) {
        return reader.apply(environment);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void copy(LogFile log, Path to) throws IOException {
    try {
      PlainCopier.copy(log.path(), to, LogEnd.of(log, 0).offset(), CopyProgress.NONE);
    } catch (NoSuchFileException e) {
      LogGapException gap =
          new LogGapException(log.path(), "needed, and removed before it could be read");
      gap.initCause(e);
      throw gap;
    }
  }

  @Override
  public void close() {}
}
