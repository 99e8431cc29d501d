package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogGapException;
import io.github.bdbstandby.procedure.LogShipper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a source that may be lost still has of its log, beyond what its standby has. */
final class RemainingLog {
  private static final int LAST_LOOKS = 20;

  private final Path directory;
  private final Path to;
  private final IncomingLogs incoming;
  private final Shortfall shortfall;
  private final Consumer<String> notes;

  /**
   * Looks at nothing yet.
   *
   * @param directory where it is
   * @param to where it goes
   * @param incoming what there is of it
   * @param shortfall is told of what can't be had
   * @param notes is told why there is none
   */
  RemainingLog(
      Path directory, Path to, IncomingLogs incoming, Shortfall shortfall, Consumer<String> notes) {
    this.directory = directory;
    this.to = to;
    this.incoming = incoming;
    this.shortfall = shortfall;
    this.notes = notes;
  }

  /** The log files that can be seen. */
  List<LogFile> seen() {
    return new LogsOfTheLost(directory).seen();
  }

  /** Those of them that are to be shipped. */
  List<LogFile> wanted(IncomingLogs.Assessment assessment) {
    return wanted(seen(), assessment);
  }

  private static List<LogFile> wanted(List<LogFile> logs, IncomingLogs.Assessment assessment) {
    return logs.stream().filter(assessment::takes).toList();
  }

  /**
   * Whether it continues the standby's, and from where; empty if there is none to be had.
   *
   * @throws SnapshotNeededException if there is log that can't be had, and that was not accepted
   * @throws RefusedException if there is log that can't be read, and that was not accepted
   */
  Optional<IncomingLogs.Assessment> assess() throws IOException {
    List<LogFile> logs;
    try {
      logs = new LogsOfTheLost(directory).list();
    } catch (IOException e) {
      shortfall.unreadable(false, LogsOfTheLost.describe(directory, e), Optional.empty());
      return Optional.empty();
    }
    if (logs.isEmpty()) {
      notes.accept(
          FileNames.shown(directory)
              + ": no log files can be read there; the standby is promoted with what was shipped");
      return Optional.empty();
    }
    IncomingLogs.Assessment assessment;
    try {
      assessment = incoming.assess(logs);
    } catch (IOException e) {
      String why = LogsOfTheLost.broken(logs).orElseThrow(() -> e).why();
      shortfall.unreadable(false, why, Optional.empty());
      return Optional.empty();
    }
    if (assessment.broken().isPresent()) {
      shortfall.broken(assessment.isSome(), assessment.broken().get(), logs);
    }
    Optional<LogsOfTheLost.Unreadable> closed = LogsOfTheLost.closed(wanted(logs, assessment));
    if (closed.isPresent()) {
      assessment = upTo(closed.get(), assessment);
    }
    return Optional.of(assessment).filter(IncomingLogs.Assessment::isSome);
  }

  private IncomingLogs.Assessment upTo(
      LogsOfTheLost.Unreadable bad, IncomingLogs.Assessment assessment) throws IOException {
    IncomingLogs.Assessment upTo = assessment.before(bad.log().number());
    Lsn end = incoming.shared().endBefore(bad.log().number());
    shortfall.unreadable(upTo.isSome(), bad.why(), Optional.of(end));
    return upTo;
  }

  /**
   * Ships it.
   *
   * @param copied is told the bytes
   */
  void ship(IncomingLogs.Assessment assessment, CopyProgress copied) throws IOException {
    try (LogShipper shipper =
        new LogShipper(directory, to, assessment.shipFrom(), assessment.shipBefore(), copied)) {
      // Who was inside a commit when the end came may have finished it since.
      for (int look = 0; look < LAST_LOOKS && shipper.ship() > 0; look++) {}
    } catch (LogGapException e) {
      long missing = LogFile.numberOf(e.missing().getFileName().toString()).orElseThrow();
      shortfall.gap(e.getMessage(), incoming.shared().endBefore(missing), seen());
      shipSome(assessment.before(missing), copied);
    } catch (IOException e) {
      List<LogFile> wanted = wanted(assessment);
      shipSome(upTo(LogsOfTheLost.broken(wanted).orElseThrow(() -> e), assessment), copied);
    }
  }

  private void shipSome(IncomingLogs.Assessment assessment, CopyProgress copied)
      throws IOException {
    if (assessment.isSome()) {
      ship(assessment, copied);
    }
  }
}
