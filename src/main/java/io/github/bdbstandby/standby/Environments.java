package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogListing;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RecoveryOptions;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.steps.Recover;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done with any environment, standby or not. */
public final class Environments {
  private static final Logger LOG = LoggerFactory.getLogger(Environments.class);

  private Environments() {}

  /** Which of {@code log_archive}'s lists. */
  public enum Listing {
    /** {@code DB_ARCH_DATA}: database files that the log names. */
    DATABASES,
    /** {@code DB_ARCH_LOG}: all log files. */
    LOGS,
    /** No flag: log files no longer in use. */
    INACTIVE
  }

  /**
   * How a recovery went.
   *
   * @param home what was recovered
   * @param recoveredTo where the log ended before recovery added its own checkpoint
   * @param logFiles how many log files there were
   * @param duration of the recovery and of what was looked at before it
   */
  public record Recovered(Path home, Lsn recoveredTo, long logFiles, Duration duration) {}

  /**
   * {@code log_archive}: absolute paths, sorted, as libdb spells them. Also of what can have no
   * standby: of a standby itself, or where directories lie outside the home.
   *
   * @throws RefusedException also {@code damaged}, if a FIFO lies where databases are looked for
   */
  public static List<String> list(SourceRequest request, Listing listing) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listing, "listing");
    return Guarded.call(
        () -> {
          if (listing == Listing.DATABASES && Files.isDirectory(request.home())) {
            // libdb opens queues to name their extents
            TreeGuard.checkBlocking(request.home(), () -> directories(request));
          }
          try (OpenedSource source = SourceGuard.ofListed(request).join()) {
            LogListing names =
                switch (listing) {
                  case DATABASES -> source.ask(DbEnvironment::databases);
                  case LOGS -> source.ask(DbEnvironment::logFiles);
                  case INACTIVE -> source.ask(DbEnvironment::inactiveLogFiles);
                };
            return names.names().stream().sorted().toList();
          }
        });
  }

  /**
   * Runs recovery in a directory that nobody has open. A standby is also locked meanwhile, and what
   * was cut off in it is ended first.
   *
   * @param normal from the last checkpoint on; otherwise catastrophic, from the first log record
   * @throws RefusedException {@code locked} if a process has it open or works on it as a standby,
   *     {@code no-environment} if there is nothing to recover, {@code damaged} if a link leads out
   *     of a standby. A standby in which a cycle was cut off gets no normal recovery, and none at
   *     all while log waits behind what that cycle has let in
   */
  public static Recovered recover(SourceRequest request, boolean normal, RunListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    return Guarded.call(() -> recoverGuarded(request, normal, listener));
  }

  private static Recovered recoverGuarded(
      SourceRequest request, boolean normal, RunListener listener) throws IOException {
    long start = System.nanoTime();
    Path home = request.home();
    if (!Files.isDirectory(home)) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(home) + ": no such directory",
          "give the environment's home: --home");
    }
    StandbyDirectory standby = new StandbyDirectory(home);
    if (!Files.isDirectory(standby.marks())) {
      return recover(request, normal, listener, Optional.empty(), start);
    }
    refuseUsed(home, List.of());
    refuseLinks(standby); // before the lock file is touched
    try (StandbyLock lock = StandbyLock.take(standby)) {
      LOG.debug("holding {}", lock);
      new Journal(standby).finish();
      if (isStandby(standby)) {
        StandbyRecovery.putBackConfig(standby); // whatever opens the log reads it
      }
      return recover(request, normal, listener, Optional.of(standby), start);
    }
  }

  /** What is recovered there is the standby's own; a home that is none may have its links. */
  private static void refuseLinks(StandbyDirectory standby) throws IOException {
    if (isStandby(standby) || new Journal(standby).isOpen()) {
      TreeGuard.check(standby);
    } else {
      TreeGuard.checkMarks(standby);
    }
  }

  private static boolean isStandby(StandbyDirectory standby) throws IOException {
    try {
      return ManifestFile.read(standby.manifest()).filter(each -> !each.isPromoted()).isPresent();
    } catch (RefusedException e) {
      return false; // a damaged one is no reason to leave the rest as it is
    }
  }

  private static Recovered recover(
      SourceRequest request,
      boolean normal,
      RunListener listener,
      Optional<StandbyDirectory> standby,
      long start)
      throws IOException {
    Path home = request.home();
    List<LogFile> logs = logs(request);
    if (logs.isEmpty()) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(home) + ": no log files to recover from",
          "give the environment's home, and --log-dir if the application sets one in code");
    }
    TreeGuard.checkBlocking(home, () -> directories(request));
    refuseUsed(home, directories(request));
    long bytes = 0;
    for (LogFile log : logs) {
      bytes += Files.size(log.path());
    }
    PasswordGuard.check(logs.get(0).path().getParent(), request.password());
    EnvironmentOptions options = Recover.withCache(request.options(), bytes);
    Lsn end = end(logs.get(0).path().getParent(), options);
    if (standby.isPresent() && isStandby(standby.get())) {
      StandbyRecovery recovery =
          StandbyRecovery.prepare(
              standby.get(), EnvironmentOptions.ofPassword(request.password()), normal);
      removeRegions(home);
      listener.began(StepName.RECOVER, 0);
      recovery.run(end, listener);
    } else {
      removeRegions(home);
      listener.began(StepName.RECOVER, 0);
      RecoveryOptions recovery =
          normal ? RecoveryOptions.normal(options) : RecoveryOptions.catastrophic(options);
      // The application that is started next may recover by itself, and knows of no slot.
      RecoveryOptions through =
          standby.map(each -> recovery.through(each.pageSlot())).orElse(recovery);
      ToItsEnd.run(() -> DbEnvironment.recover(home, through, listener::recovered));
    }
    return new Recovered(home, end, logs.size(), Duration.ofNanos(System.nanoTime() - start));
  }

  /** Those that DB_CONFIG or the application names: they may lie outside the home. */
  private static List<Path> directories(SourceRequest request) throws IOException {
    Path home = request.home();
    List<Path> named = new ArrayList<>(List.of(DbConfig.logDirectory(home, request.options())));
    Stream.concat(
            DbConfig.of(home).dataDirectories().stream(),
            request.options().dataDirectories().stream())
        .forEach(name -> named.add(home.resolve(FileNames.toPath(name))));
    return named;
  }

  private static void refuseUsed(Path home, List<Path> named) throws IOException {
    Optional<OpenFiles.User> user = OpenFiles.below(home, named);
    if (user.isPresent()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(home)
              + ": process "
              + user.get().pid()
              + " has "
              + FileNames.shown(user.get().file())
              + " open",
          "stop it first: recovery under a running application destroys the environment");
    }
  }

  private static List<LogFile> logs(SourceRequest request) throws IOException {
    Path directory = DbConfig.logDirectory(request.home(), request.options());
    return Files.isDirectory(directory) ? LogFile.in(directory) : List.of();
  }

  /** Regions that nobody has mapped describe a cache that is no more; recovery makes them anew. */
  private static void removeRegions(Path home) throws IOException {
    if (!DbEnvironment.hasRegionFiles(home) || SystemMemory.isUsedBy(home)) {
      return; // recovery itself frees those that are in no file
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home)) {
      for (Path entry : entries) {
        if (EnvironmentFiles.isRegion(entry.getFileName().toString())) {
          Files.deleteIfExists(entry);
        }
      }
    }
  }

  /**
   * Reads the log from a home of its own: the regions that may be in the real one are not touched
   * before the password has proved right.
   */
  private static Lsn end(Path logDirectory, EnvironmentOptions options) throws IOException {
    EnvironmentOptions logOnly =
        options.toBuilder()
            .dataDirectories(List.of())
            .logDirectory(FileNames.toName(logDirectory.toAbsolutePath()))
            .build();
    try (Scratch scratch = Scratch.temporary("bdb-standby");
        DbEnvironment log =
            PasswordGuard.opening(
                options.password(),
                () ->
                    DbEnvironment.openPrivate(
                        scratch.directory(), Set.of(Subsystem.LOG), logOnly))) {
      return log.logStatus().end();
    }
  }
}
