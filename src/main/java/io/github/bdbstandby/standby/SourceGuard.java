package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import io.github.bdbstandby.libdb.DatabaseDamagedException;
import io.github.bdbstandby.libdb.DbAccessException;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.libdb.VersionMismatchException;
import io.github.bdbstandby.libdb.WrongPasswordException;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.PassiveSource;
import io.github.bdbstandby.procedure.RegionCalls;
import io.github.bdbstandby.procedure.Source;
import io.github.bdbstandby.procedure.SourceStuckException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens a source, or says why not.
 *
 * <p>Where region files are, the environment is joined: a private handle beside them would read
 * behind the application's back. Where none are, either nobody has the environment open, or
 * somebody has it open privately, and then nobody else can know what its cache and log buffer hold.
 */
final class SourceGuard {
  /** Not the transactions: opening those would append a record to the source's log. */
  private static final Set<Subsystem> AT_REST = Set.of(Subsystem.LOG, Subsystem.MPOOL);

  private final SourceRequest request;

  SourceGuard(SourceRequest request) {
    this.request = request;
  }

  /**
   * Opens the source, by its files alone if so asked; the caller closes it.
   *
   * @throws RefusedException with the reason
   */
  Source open() throws IOException {
    return request.passive() ? passive() : join();
  }

  private Source passive() throws IOException {
    Path home = request.home();
    refuseDirectory(home);
    refuseWithoutLog(home);
    PasswordGuard.check(logDirectory(home), request.password());
    return readable(new PassiveSource(home, request.options()));
  }

  /** A source whose log the password given can read. */
  private PassiveSource readable(PassiveSource source) throws IOException {
    try {
      source.readLog(new Lsn(source.flushed().file(), 0), EnvironmentView::firstLsn);
      return source;
    } catch (DatabaseDamagedException | WrongPasswordException e) {
      if (request.password().isEmpty()) {
        throw e;
      }
      throw new RefusedException(
          Reason.WRONG_PASSWORD,
          source.logDirectory() + ": the password given does not open its log: " + e.getMessage(),
          "give the right one: --password-file",
          e);
    }
  }

  /**
   * Opens it here: joined where others have it open, privately where nobody has; nothing to open
   * where we are attached to it.
   */
  OpenedSource join() throws IOException {
    try {
      return request.attached().isPresent() ? attached(request.attached().get()) : openInTime();
    } catch (SourceStuckException e) {
      throw new RefusedException(
          Reason.SOURCE_STUCK,
          e.getMessage(),
          "a process died with a lock held: restart the application with recovery, or fail over",
          e);
    }
  }

  private void refuseDirectory(Path home) throws IOException {
    if (!Files.isDirectory(home)) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          home + ": no such directory",
          "give the environment's home: --home");
    }
    refuseStandby(home);
    refuseOutside(home, configured(home));
  }

  private OpenedSource openInTime() throws IOException {
    Path home = request.home();
    refuseDirectory(home);
    boolean regions = DbEnvironment.hasRegionFiles(home);
    if (!regions) {
      refuseUnopenable(home);
    }
    RegionCalls calls = new RegionCalls(home, request.deadline());
    DbEnvironment environment = open(home, regions, calls);
    boolean good = false;
    try {
      OpenedSource source =
          new OpenedSource(
              environment,
              home,
              request.options(),
              regions ? Sharing.OTHER_PROCESS : Sharing.NOBODY,
              calls);
      calls.call(
          () -> {
            refuseUnsuitable(environment, home, regions);
            return null;
          });
      refuseDirectories(environment, home);
      good = true;
      return source;
    } finally {
      if (!good && !calls.isStuck()) {
        environment.close();
      }
    }
  }

  private OpenedSource attached(DbEnvironment environment) throws IOException {
    Path home = request.home();
    refuseDirectory(home);
    try {
      refuseUnsuitable(environment, home, true);
      refuseDirectories(environment, home);
      PasswordGuard.refuse(home, !environment.encrypted(), request.password().isPresent());
      environment.flushLog();
      if (environment.encrypted()) {
        // Its handle has the password and does not tell it: ours is for the copy's recovery.
        readable(new PassiveSource(home, request.options())).close();
      }
    } catch (ClosedEnvironmentException e) {
      throw new RefusedException(
          Reason.SOURCE_CLOSED, e.getMessage(), "attach to it again when it is open", e);
    } catch (RunRecoveryException e) {
      throw new RefusedException(
          Reason.SOURCE_STUCK,
          e.getMessage(),
          "the environment has panicked: open it anew with recovery, or fail over",
          e);
    }
    return new OpenedSource(
        environment,
        home,
        request.options(),
        Sharing.SAME_LIFE,
        new RegionCalls(home, request.deadline()));
  }

  private static void refuseStandby(Path home) throws IOException {
    Optional<Manifest> manifest = ManifestFile.read(new StandbyDirectory(home).manifest());
    if (manifest.isPresent() && !manifest.get().isPromoted()) {
      throw new RefusedException(
          Reason.SOURCE_IS_STANDBY,
          home + ": this is itself a standby, of " + manifest.get().source().home(),
          "make the standby from that environment, or run 'failover' on this one first");
    }
  }

  /** Data and log directories from DB_CONFIG and from the caller. */
  private List<String> configured(Path home) throws IOException {
    DbConfig config = DbConfig.of(home);
    List<String> directories = new ArrayList<>(config.dataDirectories());
    config.logDirectory().ifPresent(directories::add);
    directories.addAll(request.options().dataDirectories());
    request.options().logDirectory().ifPresent(directories::add);
    return directories;
  }

  private static void refuseOutside(Path home, List<String> directories) {
    for (String directory : directories) {
      Path path = Path.of(directory);
      if (path.isAbsolute()) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            directory + ": recovery of a copy of " + home + " would open this live directory",
            "make it relative to the home in DB_CONFIG or in the application");
      }
      if (!home.resolve(path).normalize().startsWith(home.normalize())) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            directory + ": leads out of " + home + ", so that a copy would not have its own",
            "keep data and log directories below the home");
      }
    }
  }

  private void refuseUnopenable(Path home) throws IOException {
    Optional<OpenFiles.User> user = OpenFiles.below(home);
    if (user.isPresent() && !user.get().file().getFileName().toString().equals(DbConfig.FILE)) {
      throw new RefusedException(
          Reason.PRIVATE_ENVIRONMENT,
          home
              + (user.get().isUs() ? ": this process, " : ": process ")
              + user.get().pid()
              + ", has "
              + user.get().file()
              + " open without shared regions (DB_PRIVATE)",
          user.get().isUs()
              ? "give its handle: SourceRequest.attached"
              : "run the backup inside that process, have it open the environment without DB_PRIVATE, or"
                  + " read its files only: --passive");
    }
    refuseWithoutLog(home);
    PasswordGuard.check(logDirectory(home), request.password());
  }

  private Path logDirectory(Path home) {
    return request
        .options()
        .logDirectory()
        .or(() -> uncheckedLogDirectory(home))
        .map(home::resolve)
        .orElse(home);
  }

  private void refuseWithoutLog(Path home) throws IOException {
    Path logs = logDirectory(home);
    if (Files.isDirectory(logs) && !LogFile.in(logs).isEmpty()) {
      return;
    }
    if (EnvironmentFiles.in(home, logs, Set.of()).databases().isEmpty()) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          home + ": holds no Berkeley DB environment: no regions, no log files, no databases",
          "give the environment's home: --home; and --log-dir if the application sets one in code");
    }
    throw new RefusedException(
        Reason.NOT_TRANSACTIONAL,
        home + ": holds databases but no log files",
        "only environments with transactions and a log can have a standby; if the log is"
            + " elsewhere, give --log-dir");
  }

  private static Optional<String> uncheckedLogDirectory(Path home) {
    try {
      return DbConfig.of(home).logDirectory();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private DbEnvironment open(Path home, boolean regions, RegionCalls calls) {
    try {
      return PasswordGuard.opening(
          request.password(),
          () ->
              regions
                  ? calls.call(() -> DbEnvironment.join(home, request.options()))
                  : DbEnvironment.openPrivate(home, AT_REST, request.options()));
    } catch (VersionMismatchException e) {
      throw new RefusedException(
          Reason.VERSION_MISMATCH,
          e.getMessage(),
          "use the libdb that the application uses: " + DbEnvironment.version(),
          e);
    } catch (RunRecoveryException e) {
      throw new RefusedException(
          Reason.SOURCE_STUCK,
          e.getMessage(),
          "the environment has panicked: restart the application with recovery, or fail over",
          e);
    } catch (DbAccessException e) {
      throw new RefusedException(
          Reason.NO_ACCESS, e.getMessage(), "run as a user who may open the environment", e);
    } catch (DbException e) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          e.getMessage(),
          "the home's regions can't be joined; see what the application says",
          e);
    }
  }

  private static void refuseUnsuitable(EnvironmentView environment, Path home, boolean regions) {
    Set<Subsystem> subsystems = environment.subsystems();
    if (regions && !subsystems.containsAll(EnumSet.of(Subsystem.TXN, Subsystem.LOG))) {
      throw new RefusedException(
          Reason.NOT_TRANSACTIONAL,
          home + ": the environment was opened with " + subsystems + " only",
          "only environments with transactions and a log can have a standby");
    }
    if (environment.logsInMemory()) {
      throw new RefusedException(
          Reason.LOGS_IN_MEMORY,
          home + ": the environment keeps its log in memory",
          "turn DB_LOG_IN_MEMORY off: a standby is made from log files");
    }
  }

  private static void refuseDirectories(EnvironmentView environment, Path home) {
    List<String> directories = new ArrayList<>(environment.dataDirectories());
    environment.logDirectory().ifPresent(directories::add);
    environment.metadataDirectory().ifPresent(directories::add);
    refuseOutside(home, directories);
  }
}
