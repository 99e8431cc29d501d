package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.OldestCommit;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Refuses a failover that would leave behind, for good, what a source that can still be read has:
 * unless that is accepted, and then it is told.
 */
final class LossGuard {
  private final StandbyDirectory standby;
  private final Manifest manifest;
  private final boolean accepted;
  private final List<Loss> losses = new ArrayList<>();

  /**
   * A guard.
   *
   * @param known what was accepted before, so that the log has gone which would tell of it again
   */
  LossGuard(StandbyDirectory standby, Manifest manifest, boolean accepted, List<Loss> known) {
    this.standby = standby;
    this.manifest = manifest;
    this.accepted = accepted;
    this.losses.addAll(known);
  }

  /** What was accepted so far. */
  List<Loss> losses() {
    return List.copyOf(losses);
  }

  /**
   * The source's log does not continue the standby's.
   *
   * @param atSource its log files, ascending
   * @return whether anything is lost by that
   * @throws SnapshotNeededException if something is, and that was not accepted
   */
  boolean brokenOff(IncomingLogs.Break broken, List<LogFile> atSource) throws IOException {
    if (broken.isBehind()) {
      return false;
    }
    boolean diverged = broken.reason() == Reason.HISTORY_DIVERGED;
    Lag lag = new LagReader(standby, manifest).read();
    Lsn from = broken.parting().orElse(diverged ? manifest.recoveredTo().lsn() : lag.shippedTo());
    long first = diverged ? from.file() : from.file() + 1;
    List<LogFile> beyond = atSource.stream().filter(log -> log.number() >= first).toList();
    List<LogFile> held = beyond.isEmpty() ? atSource : beyond;
    long bytes = 0;
    for (LogFile log : held) {
      boolean isLast = lag.sourceEnd().map(Lsn::file).equals(Optional.of(log.number()));
      bytes += isLast ? lag.sourceEnd().orElseThrow().offset() : log.size();
    }
    report(
        new Loss(
            broken.reason(),
            broken.message(),
            from,
            diverged ? Optional.empty() : lag.sourceEnd(),
            held.size(),
            bytes,
            diverged ? Optional.empty() : firstCommit(held, from)));
    return true;
  }

  /**
   * The source's log can be applied, but does not tell all that its databases have.
   *
   * @throws SnapshotNeededException if that was not accepted
   */
  void incomplete(Reason reason, String message) {
    incomplete(reason, message, manifest.recoveredTo().lsn());
  }

  /** The same of what comes from a place on. */
  void incomplete(Reason reason, String message, Lsn from) {
    report(new Loss(reason, message, from, Optional.empty(), 0, 0, Optional.empty()));
  }

  /**
   * The source is there and can't be read: nobody knows what it has.
   *
   * @param message names what can't be read, and why
   * @param end of what can; empty for what was shipped
   * @throws RefusedException {@code no-access} if that was not accepted
   */
  void unreadable(String message, Optional<Lsn> end) {
    Lsn from = end.orElseGet(() -> new LagReader(standby, manifest).read().shippedTo());
    String all = message + "; what the source has from " + from + " on, if anything, is not known";
    if (!accepted) {
      throw new RefusedException(
          Reason.NO_ACCESS,
          all,
          "run as a user who may read it; or, if its disk is lost, give that up: bdb-standby"
              + " failover --accept-loss --standby "
              + FileNames.shown(standby.home()));
    }
    losses.add(new Loss(Reason.NO_ACCESS, all, from, Optional.empty(), 0, 0, Optional.empty()));
  }

  private void report(Loss loss) {
    if (!accepted) {
      throw new SnapshotNeededException(loss.reason(), loss.toString(), hint(), null);
    }
    losses.removeIf(
        known -> known.reason() == loss.reason() && known.message().equals(loss.message()));
    losses.add(loss);
  }

  private String hint() {
    String giveUp =
        "bdb-standby failover --accept-loss --standby " + FileNames.shown(standby.home());
    if (!Files.isDirectory(manifest.source().homePath())) {
      return "its source is gone; to give that up: " + giveUp;
    }
    StringBuilder opening = new StringBuilder(" --home ").append(manifest.source().home());
    manifest
        .source()
        .dataDirectories()
        .forEach(each -> opening.append(" --data-dir ").append(each));
    if (manifest.source().logDirectorySet() != null) {
      opening.append(" --log-dir ").append(manifest.source().logDirectorySet());
    }
    if (manifest.source().encrypted()) {
      opening.append(" --password-file F");
    }
    return "either recover the old home, which nobody may have open, and take a snapshot from it,"
        + " with the first one's options, before the failover: bdb-standby recover --normal"
        + FileNames.escaped(opening.toString())
        + "; bdb-standby snapshot"
        + FileNames.escaped(opening.toString())
        + " --standby "
        + FileNames.shown(standby.home())
        + "; or give that up: "
        + giveUp;
  }

  private Optional<Instant> firstCommit(List<LogFile> logs, Lsn from) {
    if (manifest.source().encrypted()) {
      return Optional.empty();
    }
    for (LogFile log : logs) {
      try (FileChannel channel = RegularFile.open(log.path())) {
        Optional<Instant> commit =
            OldestCommit.in(channel, log.number() == from.file() ? from.offset() : 0);
        if (commit.isPresent()) {
          return commit;
        }
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
