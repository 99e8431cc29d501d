package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import io.github.bdbstandby.libdb.DatabaseDamagedException;
import io.github.bdbstandby.libdb.DbAccessException;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.FileNames;
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
import java.nio.file.Path;
import java.util.EnumSet;
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
  private final HomeGuard homeGuard;
  private final Use use;

  private enum Use {
    /** Nothing is copied: whatever libdb opens will do. */
    LISTED,
    COPIED,
    /** A standby has been made of it, with a DB_CONFIG that libdb took. */
    FOLLOWED
  }

  SourceGuard(SourceRequest request) {
    this(request, Use.COPIED);
  }

  private SourceGuard(SourceRequest request, Use use) {
    this.request = request;
    this.homeGuard = new HomeGuard(request, use != Use.LISTED);
    this.use = use;
  }

  /** For a source that a standby has been made of. */
  static SourceGuard ofCopied(SourceRequest request) {
    return new SourceGuard(request, Use.FOLLOWED);
  }

  /** For an environment whose files are to be named, and that may be a standby itself. */
  static SourceGuard ofListed(SourceRequest request) {
    return new SourceGuard(request, Use.LISTED);
  }

  /**
   * Opens the source, by its files alone if so asked; the caller closes it.
   *
   * @throws RefusedException with the reason
   */
  Source open() throws IOException {
    return AccessGuard.reading(() -> request.passive() ? passive() : join());
  }

  private Source passive() throws IOException {
    homeGuard.check();
    homeGuard.checkLog();
    return readable(new PassiveSource(request.home(), request.options()));
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
          FileNames.shown(source.logDirectory())
              + ": the password given does not open its log: "
              + e.getMessage(),
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

  private OpenedSource openInTime() throws IOException {
    Path home = request.home();
    homeGuard.check();
    boolean regions = DbEnvironment.hasRegionFiles(home);
    homeGuard.checkOpenFlags(regions);
    if (!regions) {
      homeGuard.checkAtRest();
    }
    RegionCalls calls = new RegionCalls(home, request.deadline());
    DbEnvironment environment = open(home, regions, calls);
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
      homeGuard.checkDirectories(environment);
      homeGuard.checkLogDirectory(source.logDirectory());
      if (use != Use.LISTED) {
        ForeignLog.refuse(source);
      }
      return source;
    } catch (IOException | RuntimeException | Error e) {
      if (!calls.isStuck()) {
        Cleanup.after(e, environment::close);
      }
      throw e;
    }
  }

  private OpenedSource attached(DbEnvironment environment) throws IOException {
    Path home = request.home();
    homeGuard.check();
    try {
      refuseUnsuitable(environment, home, true);
      homeGuard.checkDirectories(environment);
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

  private DbEnvironment open(Path home, boolean regions, RegionCalls calls) throws IOException {
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
      if (ConfigTrial.isRefused(home)) {
        throw refusedConfig(home, e, use == Use.FOLLOWED);
      }
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          e.getMessage(),
          "the home's regions can't be joined; see what the application says",
          e);
    }
  }

  /**
   * One whose DB_CONFIG libdb refuses.
   *
   * @param isCopied whether a standby has one of its own, to go on with
   */
  static RefusedException refusedConfig(Path home, DbException why, boolean isCopied) {
    return new RefusedException(
        Reason.NO_ENVIRONMENT,
        FileNames.shown(home.resolve(DbConfig.FILE)) + ": libdb refuses it: " + why.getMessage(),
        "mend it: the application's next start will need that, too"
            + (isCopied ? "; or read the source's files only: --passive" : ""),
        why);
  }

  private static void refuseUnsuitable(EnvironmentView environment, Path home, boolean regions) {
    Set<Subsystem> subsystems = environment.subsystems();
    if (regions && !subsystems.containsAll(EnumSet.of(Subsystem.TXN, Subsystem.LOG))) {
      throw new RefusedException(
          Reason.NOT_TRANSACTIONAL,
          FileNames.shown(home) + ": the environment was opened with " + subsystems + " only",
          "only environments with transactions and a log can have a standby");
    }
    if (environment.logsInMemory()) {
      throw new RefusedException(
          Reason.LOGS_IN_MEMORY,
          FileNames.shown(home) + ": the environment keeps its log in memory",
          "turn DB_LOG_IN_MEMORY off: a standby is made from log files");
    }
  }
}
