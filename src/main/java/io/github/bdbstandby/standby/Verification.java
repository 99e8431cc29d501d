package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LostPageException;
import io.github.bdbstandby.libdb.PageWrites;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.libdb.SystemErrors;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Recover;
import io.github.bdbstandby.standby.Manifest.FileAtRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Checks a standby without changing it: what is at rest against the manifest's sums, and, since a
 * sum says nothing of what was wrong from the start, libdb's verify on every database of a scratch
 * copy that has been recovered. A drill puts that copy to use besides, and notes in the manifest
 * how that went.
 */
final class Verification {
  private static final String CUT_OFF =
      "a sync or a failover was cut off while it changed files: these were compared with no sum,"
          + " but judged as recovery leaves them; the next 'sync' sums them";

  private final StandbyDirectory standby;
  private final EnvironmentOptions options;
  private final Set<String> ownOrder;
  private final boolean drill;
  private final RunListener listener;

  /** In the place of one that a failover has left which was killed. */
  private Optional<DbConfig> config = Optional.empty();

  /**
   * One verification.
   *
   * @param drill whether the scratch copy is also put to use, and the result kept in the manifest
   */
  Verification(StandbyDirectory standby, VerifyOptions asked, boolean drill, RunListener listener) {
    this.standby = standby;
    this.options = EnvironmentOptions.ofPassword(asked.password());
    this.ownOrder = asked.ownOrder();
    this.drill = drill;
    this.listener = listener;
  }

  VerificationReport run() throws IOException {
    if (!new Journal(standby).isOpen()) {
      ManifestFile.ofStandby(standby);
    }
    TreeGuard.check(standby);
    try (StandbyLock lock = lock()) {
      return runLocked();
    }
  }

  private StandbyLock lock() throws IOException {
    try {
      return StandbyLock.take(standby);
    } catch (RefusedException e) {
      throw e.reason() == Reason.LOCKED ? withAWayOut(e) : e;
    }
  }

  private static RefusedException withAWayOut(RefusedException e) {
    return new RefusedException(
        e.reason(),
        e.getMessage(),
        "wait until it has ended, or stop it; a 'follow' verifies and drills by itself with"
            + " --drill-interval",
        e);
  }

  /** The same for a caller that holds the standby's lock. */
  VerificationReport runLocked() throws IOException {
    long start = System.nanoTime();
    if (new Journal(standby).check()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(standby.home()) + ": a snapshot was cut off while it took its place",
          "run 'sync' first: it ends that");
    }
    Manifest kept = ManifestFile.ofStandby(standby);
    DbConfig found = DbConfig.of(standby.home());
    config = Optional.of(kept.configBefore(found)).filter(before -> !before.equals(found));
    Path logs = standby.home().resolve(kept.logPath()).normalize();
    boolean cutOff = new UnfinishedCycle(standby).stands();
    Manifest manifest = cutOff ? asFound(kept, logs) : kept;
    PasswordGuard.check(standby, manifest, options.password());
    AtomicLong bytes = new AtomicLong();
    SystemErrors.prepare();
    List<String> damage = new ArrayList<>(compare(manifest, logs, bytes));
    long databases = 0;
    Trial trial = new Trial(options);
    if (damage.isEmpty()) {
      SpaceGuard.check(standby.home(), bytes.get());
      databases = verifyCopy(kept, manifest, damage, trial);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    return new VerificationReport(
        standby.home(),
        manifest.files().size(),
        databases,
        bytes.get(),
        damage,
        duration,
        drill ? Optional.of(keep(kept, damage, trial, duration)) : Optional.empty(),
        cutOff ? List.of(CUT_OFF) : List.of());
  }

  /** What a cycle has changed before it was cut off has no sum; recovery of the copy judges it. */
  private Manifest asFound(Manifest kept, Path logs) throws IOException {
    return kept.with(
        FilesAtRest.list(
            standby.home(),
            logs,
            Optional.empty(),
            FilesAtRest.known(kept),
            Map.of(),
            new PageWrites(),
            false));
  }

  private VerificationReport.Drill keep(
      Manifest manifest, List<String> damage, Trial trial, Duration duration) throws IOException {
    Manifest tried =
        manifest.with(
            new Manifest.Drill(
                Manifest.now(),
                damage.isEmpty() ? Manifest.Drill.OK : Manifest.Drill.DAMAGED,
                trial.counts().size(),
                trial.records(),
                duration.toMillis() / 1e3,
                manifest.recoveredTo()));
    // What a cycle that was cut off had come to is no more than its mark says until it is ended.
    ManifestFile.write(
        standby.manifest(),
        ManifestFile.read(standby.manifest()).orElse(manifest).with(tried.drill()));
    return new VerificationReport.Drill(
        StatusReader.drill(tried).orElseThrow(), trial.counts(), trial.notes());
  }

  private List<String> compare(Manifest manifest, Path logs, AtomicLong bytes) throws IOException {
    ConcurrentLinkedQueue<String> damage = new ConcurrentLinkedQueue<>();
    manifest.files().entrySet().parallelStream()
        .forEach(each -> compare(each.getKey(), each.getValue(), damage, bytes));
    EnvironmentFiles found =
        EnvironmentFiles.in(standby.home(), logs, FilesAtRest.excluded(standby.home()));
    for (DatabaseFile file : found.databases()) {
      if (!manifest.files().containsKey(FileNames.toName(file.relative()))) {
        damage.add(FileNames.shown(file.path()) + ": a database that the manifest does not know");
      }
    }
    for (LogFile log : LogFile.in(logs)) {
      if (!manifest.files().containsKey(FileNames.toName(standby.home().relativize(log.path())))) {
        damage.add(FileNames.shown(log.path()) + ": a log file that the manifest does not know");
      }
    }
    return List.copyOf(new TreeSet<>(damage));
  }

  private void compare(
      String name, FileAtRest known, ConcurrentLinkedQueue<String> damage, AtomicLong bytes) {
    Path file = standby.home().resolve(FileNames.toPath(name));
    try {
      if (name.equals(DbConfig.FILE) && config.isPresent()) {
        return; // the other is known, and stands for it
      }
      if (!Files.exists(file)) {
        damage.add(FileNames.shown(file) + ": missing");
      } else if (Files.size(file) != known.size()) {
        damage.add(
            FileNames.shown(file)
                + ": has "
                + Files.size(file)
                + " bytes, the manifest says "
                + known.size());
      } else {
        bytes.addAndGet(known.size());
        listener.copied(StepName.COPY_DATABASES, known.size());
        if (known.crc32c() != FileAtRest.NOT_SUMMED && FilesAtRest.sum(file) != known.crc32c()) {
          damage.add(
              FileNames.shown(file)
                  + ": its bytes are not those that the manifest has summed (CRC32C)");
        }
      }
    } catch (ClosedByInterruptException | AccessDeniedException e) {
      throw new UncheckedIOException(e); // which is no word about the file
    } catch (IOException e) {
      if (SystemErrors.isOutOfDescriptors(e)) {
        throw new UncheckedIOException(e);
      }
      damage.add(FileNames.shown(file) + ": can't be read: " + e.getMessage());
    }
  }

  private long verifyCopy(Manifest kept, Manifest manifest, List<String> damage, Trial trial)
      throws IOException {
    try (Scratch place = Scratch.at(standby.scratch())) {
      Path scratch = place.directory();
      boolean hasLog = false;
      for (Map.Entry<String, FileAtRest> each : manifest.files().entrySet()) {
        Path copy = scratch.resolve(FileNames.toPath(each.getKey()));
        Files.createDirectories(copy.getParent());
        PlainCopier.cloneOrCopy(standby.home().resolve(FileNames.toPath(each.getKey())), copy);
        hasLog |= each.getValue().kind().equals(FileAtRest.LOG);
      }
      if (config.isPresent()) {
        Files.write(scratch.resolve(DbConfig.FILE), config.get().bytes());
      }
      try {
        new TornPage(standby).mendIn(scratch);
      } catch (LostPageException e) {
        damage.add(e.getMessage());
      }
      createDirectories(scratch);
      Target clone = new StandbyDirectory(scratch).target(manifest);
      AsideGuard.finishIn(clone, standby.target(manifest));
      if (hasLog) {
        // The sums are right, so that what can't be read now is for want of the right password.
        PasswordGuard.opening(options.password(), () -> Recover.endOfLog(scratch, options));
        damage.addAll(new CopyRecovery(standby, kept, clone, options, listener).run());
      }
      long verified = verifyDatabases(scratch, manifest, damage);
      if (drill && damage.isEmpty()) {
        trial.run(scratch, manifest, databases(scratch, manifest), damage);
      }
      return verified;
    } catch (DbException e) {
      damage.add(Damage.toldBy(e));
      return 0;
    }
  }

  /** Empty directories are in no manifest, but recovery may want to make files in them. */
  private void createDirectories(Path scratch) throws IOException {
    EnvironmentFiles files =
        EnvironmentFiles.in(standby.home(), standby.home(), FilesAtRest.excluded(standby.home()));
    for (Path directory : files.directories()) {
      Files.createDirectories(scratch.resolve(directory));
    }
  }

  private long verifyDatabases(Path scratch, Manifest manifest, List<String> damage)
      throws IOException {
    long verified = 0;
    EnumSet<Subsystem> cache = EnumSet.of(Subsystem.MPOOL);
    Set<String> unordered = OwnOrder.union(manifest.ownOrder(), ownOrder);
    Deque<DatabaseFile> left = new ArrayDeque<>(databases(scratch, manifest));
    while (!left.isEmpty()) { // a damaged one may make the environment panic
      try (DbEnvironment environment = DbEnvironment.openPrivate(scratch, cache, options)) {
        DatabaseCheck check = new DatabaseCheck(environment, unordered);
        Optional<String> found = Optional.empty();
        while (found.isEmpty() && !left.isEmpty()) {
          DatabaseFile file = left.removeFirst();
          found = check.damage(file);
          verified += found.isPresent() ? 0 : 1;
          found
              .map(why -> FileNames.shown(standby.home().resolve(file.relative())) + ": " + why)
              .ifPresent(damage::add);
        }
      }
    }
    return verified;
  }

  /** Each for itself: extents and partitions are read with the database that they belong to. */
  private static List<DatabaseFile> databases(Path scratch, Manifest manifest) throws IOException {
    Path logs = scratch.resolve(manifest.logPath()).normalize();
    return EnvironmentFiles.in(scratch, logs, Set.of()).databases().stream()
        .filter(file -> file.extent().isEmpty() && !EnvironmentFiles.isPartition(file.relative()))
        .toList();
  }
}
