package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.SystemErrors;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.LogOverlap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The log that was shipped beside a snapshot's image. It waits beside the new standby, in the place
 * of what waits beside the old one.
 */
record ShippedBeside(StandbyDirectory standby, EnvironmentOptions options) {

  /**
   * Right before the switch: ships what is still missing.
   *
   * @return why that can't be had, if so; then there is at least all that waits already
   */
  Optional<String> end(Cycle cycle) throws IOException {
    Optional<IOException> unshipped = cycle.log().shipMore();
    if (unshipped.isPresent()) {
      if (SystemErrors.isFull(unshipped.get())) {
        makeRoom(cycle.recoveredTo());
      }
      takeMore();
    }
    DurableFiles.deleteTree(cycle.target().aside());
    DurableFiles.deleteTree(cycle.target().displaced());
    DurableFiles.createDirectories(standby.imageLogs());
    dropKnown(cycle.recoveredTo());
    DurableFiles.syncDirectory(standby.imageLogs());
    return unshipped.map(why -> String.valueOf(why.getMessage()));
  }

  /** Where nothing has come, nothing waits: all that is there, but half a record, was let in. */
  private void dropKnown(Lsn recoveredTo) throws IOException {
    List<LogFile> here = LogFile.in(standby.imageLogs());
    for (LogFile log : here) {
      long from = log.number() == recoveredTo.file() ? recoveredTo.offset() : 0;
      if (LogEnd.of(log, from).compareTo(recoveredTo) > 0
          && LogOverlap.wholeEndOf(log, Optional.of(options)).compareTo(recoveredTo) > 0) {
        return;
      }
    }
    for (LogFile log : here) {
      DurableFiles.delete(log.path());
    }
  }

  /** The switch needs some, too; the source has what goes. */
  private void makeRoom(Lsn recoveredTo) throws IOException {
    for (LogFile log : LogFile.in(standby.imageLogs())) {
      if (log.number() > recoveredTo.file()) {
        DurableFiles.delete(log.path());
      }
    }
  }

  /** What was shipped beside the old standby goes further, where the source was lost meanwhile. */
  void takeMore() throws IOException {
    List<LogFile> here =
        Files.isDirectory(standby.imageLogs()) ? LogFile.in(standby.imageLogs()) : List.of();
    if (here.isEmpty() || !Files.isDirectory(standby.incoming())) {
      return;
    }
    LogFile last = here.get(here.size() - 1);
    for (LogFile more : LogFile.in(standby.incoming())) {
      if (more.number() < last.number()) {
        continue;
      }
      boolean goesOn =
          more.number() == last.number()
              ? SharedHistory.isBeginning(last.path(), more.path())
              : more.number() == last.number() + 1 && LogEnd.leadsTo(last, more);
      if (!goesOn) {
        return;
      }
      last = take(more);
    }
  }

  private LogFile take(LogFile more) throws IOException {
    Path place = standby.imageLogs().resolve(more.path().getFileName());
    Path link = DurableFiles.temporary(place);
    Files.deleteIfExists(link);
    Files.createLink(link, more.path()); // which needs no room, and goes with what waits there
    DurableFiles.rename(link, place);
    return new LogFile(more.number(), place);
  }
}
