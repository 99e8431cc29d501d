package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment that a new primary was failed over from, about to become its standby.
 *
 * @param home its directory
 * @param logDirectories where log files of it may be, all below its home
 * @param kept where goes what only it has
 * @param segments of shared memory that its regions are in; only its own region file tells
 */
record FormerPrimary(Path home, List<Path> logDirectories, Path kept, List<Long> segments) {
  private static final Logger LOG = LoggerFactory.getLogger(FormerPrimary.class);

  /** Keeps copies. */
  FormerPrimary {
    logDirectories = List.copyOf(logDirectories);
    segments = List.copyOf(segments);
  }

  /**
   * Whether a directory is what a source was failed over from. Of two that were each failed over
   * from the other, the one with the higher epoch is the primary.
   *
   * @param primary the source, once a standby of that directory
   * @throws RefusedException {@code locked} if somebody has it open
   */
  static Optional<FormerPrimary> of(Path primary, StandbyDirectory directory) throws IOException {
    Optional<Manifest> promoted =
        ManifestFile.read(new StandbyDirectory(primary).manifest()).filter(Manifest::isPromoted);
    if (promoted.isEmpty()
        || !Files.isDirectory(directory.home())
        || !PathGuard.isSame(directory.home(), promoted.get().source().homePath())) {
      return Optional.empty();
    }
    Optional<Manifest> its = ManifestFile.read(directory.manifest());
    if (its.isPresent() && its.get().epoch() >= promoted.get().epoch()) {
      return Optional.empty();
    }
    refuseInUse(directory.home());
    return Optional.of(
        new FormerPrimary(
            directory.home(),
            logDirectories(directory.home(), promoted.get(), its),
            kept(directory, promoted.get().epoch()),
            SystemMemory.of(directory.home())));
  }

  /** The log may have moved since, and left some behind: wherever any lies, it is looked at. */
  private static List<Path> logDirectories(Path home, Manifest promoted, Optional<Manifest> its) {
    Manifest.SourceIdentity then = promoted.source();
    Set<Path> all = new LinkedHashSet<>();
    all.add(home);
    if (then.logPath().startsWith(then.homePath())) {
      all.add(home.resolve(then.homePath().relativize(then.logPath())).normalize());
    }
    its.ifPresent(manifest -> all.add(home.resolve(manifest.logPath()).normalize()));
    try {
      all.add(DbConfig.logDirectory(home, promoted.sourceOptions(Optional.empty())).normalize());
    } catch (IOException e) {
      LOG.debug("where it has its log now is not known", e);
    }
    return all.stream().filter(each -> each.startsWith(home)).toList();
  }

  private static Path kept(StandbyDirectory directory, long epoch) {
    Path kept = directory.marks().resolve("former-" + epoch);
    for (int i = 2; Files.exists(kept); i++) {
      kept = directory.marks().resolve("former-" + epoch + "-" + i);
    }
    return kept;
  }

  private static void refuseInUse(Path home) throws IOException {
    Optional<OpenFiles.User> user = OpenFiles.below(home);
    if (user.isPresent()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(home)
              + ": process "
              + user.get().pid()
              + " still has "
              + FileNames.shown(user.get().file())
              + " open",
          "stop the application there: the new primary has taken its place");
    }
  }

  /** What the user should know of it. */
  List<String> notes() {
    return segments.isEmpty()
        ? List.of()
        : List.of(
            FileNames.shown(home)
                + ": its regions are still in System V shared memory; ipcrm"
                + segments.stream().map(id -> " -m " + id).collect(Collectors.joining())
                + " frees it");
  }
}
