package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Recover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the log of a source that may be lost, and refuses what a failover may not go on with. */
final class FailoverGuard {
  private final StandbyDirectory standby;
  private final FailoverOptions asked;
  private final EnvironmentOptions options;
  private final RunListener listener;
  private final Consumer<String> notes;

  /**
   * For one failover.
   *
   * @param options of the standby's environment
   * @param notes is told what could not be had, and why
   */
  FailoverGuard(
      StandbyDirectory standby,
      FailoverOptions asked,
      EnvironmentOptions options,
      RunListener listener,
      Consumer<String> notes) {
    this.standby = standby;
    this.asked = asked;
    this.options = options;
    this.listener = listener;
    this.notes = notes;
  }

  /** The same, of a source whose log is where it is now. */
  Manifest withLogFound(Manifest manifest) throws IOException {
    PathGuard.refuseOwnLog(manifest.source().logPath(), standby.home());
    return manifest.withSourceLogIn(LogPlace.of(manifest, Optional.of(options)));
  }

  /** That there is log in another place than the one that was chosen. */
  Optional<String> otherLog(Manifest known, Path place) {
    try {
      return LogPlace.noteOf(known, place, options);
    } catch (IOException e) {
      return Optional.of("whether the log was also elsewhere could not be seen: " + e.getMessage());
    }
  }

  /** The source's log files that can be had; all guards that need no more than a look. */
  List<LogFile> salvageable(Manifest manifest, Target target) throws IOException {
    PathGuard.refuseMounted(manifest.source().homePath(), standby.home());
    PathGuard.refuseOwnLog(manifest.source().logPath(), standby.home());
    refusePassword(manifest, target);
    AsideGuard.refuse(target, target.aside());
    return salvage(manifest, target, losses(manifest, List.of())).salvageable();
  }

  /** Before anything is changed: a standby of an encrypted source can't be opened without. */
  void refusePassword(Manifest manifest, Target target) throws IOException {
    PasswordGuard.check(standby, manifest, options.password());
    if (!Files.isDirectory(target.logDirectory()) || LogFile.in(target.logDirectory()).isEmpty()) {
      return;
    }
    PasswordGuard.opening(options.password(), () -> Recover.endOfLog(standby.home(), options));
  }

  /** The same of log that its recovery needs; who has worked in it may have removed some. */
  void refuseMissing(Manifest manifest) throws IOException {
    if (new OwnCommits(standby, manifest, options).broken().isEmpty()) {
      new RequiredLog(standby, manifest).refuseMissing();
    }
  }

  /**
   * All that can be objected to so far, while the application is alive.
   *
   * @return log that was given up, and is not there any more to be found again
   */
  List<Loss> objectTo(Manifest manifest, Target target) throws IOException {
    LossGuard guard = losses(manifest, List.of());
    salvage(manifest, target, guard).gather();
    return guard.losses().stream().filter(loss -> loss.reason() == Reason.LOG_GAP).toList();
  }

  /**
   * What is lost, where that was accepted.
   *
   * @param givenUp before
   */
  LossGuard losses(Manifest manifest, List<Loss> givenUp) {
    return new LossGuard(standby, manifest, asked.acceptLoss(), givenUp);
  }

  /** What is left of the source's log. */
  Salvage salvage(Manifest manifest, Target target, LossGuard guard) {
    return new Salvage(standby, manifest, target, options, listener, guard, notes);
  }
}
