package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.procedure.LogOverlap;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How far a source's log is the same as what we have of it: in the standby, and waiting beside it.
 */
final class SharedHistory {
  private final Target.Held held;
  private final Path incoming;
  private final Path sourceLogs;
  private final Optional<EnvironmentOptions> options;

  /**
   * Looks at nothing yet.
   *
   * @param options the password, if there is one; empty if it is not known
   */
  SharedHistory(
      Target.Held held, Path incoming, Path sourceLogs, Optional<EnvironmentOptions> options) {
    this.held = held;
    this.incoming = incoming;
    this.sourceLogs = sourceLogs;
    this.options = options;
  }

  /**
   * Whether a file that waits has whole records where the source has others, or none.
   *
   * @param waiting that file, and those after it
   * @param same whether it is the beginning of the source's, or that is gone
   */
  Optional<IncomingLogs.Break> parted(List<LogFile> waiting, boolean same, List<LogFile> atSource)
      throws IOException {
    LogFile ours = waiting.get(0);
    Path theirs = sourceLogs.resolve(ours.path().getFileName());
    try {
      Optional<Lsn> parting = Optional.empty();
      if (isBeyond(ours.number())) {
        parting = Optional.of(new Lsn(ours.number(), 0));
      } else if (!same) {
        LogOverlap overlap = LogOverlap.of(ours, Long.MAX_VALUE, theirs, options);
        if (overlap.oursGoesOn() || (overlap.theirsGoesOn() && goesOnInNext(waiting))) {
          parting = Optional.of(overlap.parting());
        }
      }
      return parting.isPresent()
          ? Optional.of(parted(theirs, parting.get(), covers(atSource)))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // removed at the source since
    }
  }

  /**
   * Why files that wait can never be let in: the source has lost them, and what leads to them is
   * nowhere.
   *
   * @param missing the file before them that does not wait
   */
  Optional<IncomingLogs.Break> cutOff(long missing, List<LogFile> waiting) throws IOException {
    if (!isBeyond(missing)) {
      return Optional.empty();
    }
    for (LogFile ours : waiting) {
      if (!isVoid(ours)) {
        return Optional.of(
            new IncomingLogs.Break(
                Reason.HISTORY_DIVERGED,
                FileNames.shown(ours.path())
                    + ": was shipped, and the source has lost it; "
                    + LogFile.nameOf(missing)
                    + ", which leads to it, is neither here nor there",
                Optional.of(new Lsn(missing, 0)),
                false));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a file that waits has no whole record, and the source nothing of it: it had been made
   * for what was to come, and nothing was lost with it.
   */
  boolean isVoid(LogFile ours) throws IOException {
    return isBeyond(ours.number()) && !LogOverlap.begins(ours, options);
  }

  /** A source that lost its power may have a name left, and no bytes. */
  private boolean isBeyond(long number) throws IOException {
    return !hasBytes(sourceLogs.resolve(LogFile.nameOf(number)))
        && LogFile.in(sourceLogs).stream().allMatch(log -> log.number() <= number);
  }

  private static boolean hasBytes(Path log) throws IOException {
    try {
      return Files.size(log) > 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Where a file is full, its history is in the one after it. */
  private static boolean goesOnInNext(List<LogFile> waiting) throws IOException {
    return waiting.size() > 1
        && waiting.get(1).number() == waiting.get(0).number() + 1
        && LogEnd.leadsTo(waiting.get(0), waiting.get(1));
  }

  private static IncomingLogs.Break parted(Path theirs, Lsn parting, boolean isBehind) {
    String message =
        FileNames.shown(theirs)
            + (isBehind
                ? ": the source's log ends before what was shipped of it, at "
                : ": differs from what was shipped of it, from ")
            + parting
            + (isBehind ? "" : " on");
    return new IncomingLogs.Break(Reason.HISTORY_DIVERGED, message, Optional.of(parting), isBehind);
  }

  static boolean isBeginning(Path ours, Path theirs) throws IOException {
    try {
      return PlainCopier.sameBytes(ours, theirs, Files.size(ours));
    } catch (NoSuchFileException e) {
      return true; // removed at the source since: what was shipped is all there is
    }
  }

  /**
   * Whether all whole records of the source's log are the beginning of ours, as far as that goes
   * back: a machine that lost its power may have less than it had shipped.
   */
  boolean covers(List<LogFile> atSource) throws IOException {
    for (int i = atSource.size() - 1; i >= 0; i--) {
      LogFile theirs = atSource.get(i);
      Path waiting = incoming.resolve(theirs.path().getFileName());
      boolean waits = Files.exists(waiting);
      Path ours = waits ? waiting : held.logDirectory().resolve(theirs.path().getFileName());
      if (!Files.exists(ours)) {
        return i < atSource.size() - 1;
      }
      boolean isTheirs = waits || theirs.number() < firstOfOurOwn();
      long limit = isTheirs ? Files.size(ours) : held.end().offset();
      long end = LogEnd.of(theirs, 0).offset();
      boolean same = end <= limit && PlainCopier.sameBytes(ours, theirs.path(), end);
      LogFile copy = new LogFile(theirs.number(), ours);
      if (!same && LogOverlap.of(copy, limit, theirs.path(), options).theirsGoesOn()) {
        return false;
      }
    }
    return true;
  }

  /** From where on the standby's files are not the source's own as a whole. */
  private long firstOfOurOwn() throws IOException {
    List<LogFile> waiting =
        Files.isDirectory(incoming)
            ? LogFile.in(incoming).stream().filter(log -> !held.isPristine(log.number())).toList()
            : List.of();
    return !waiting.isEmpty() && followsStandby(waiting.get(0))
        ? waiting.get(0).number() // a cycle was cut off when it had let in those before
        : held.end().file();
  }

  /** Whether those before a waiting file were let in already, if there were any. */
  boolean followsStandby(LogFile first) throws IOException {
    long before = first.number() - 1;
    if (before < held.end().file()) {
      return true;
    }
    Path last = held.logDirectory().resolve(LogFile.nameOf(before));
    return Files.exists(last) && LogEnd.leadsTo(new LogFile(before, last), first);
  }

  /** Where the log ends that can be had if this file can't: a part of it may wait here. */
  Lsn endBefore(long missing) throws IOException {
    for (long number = missing; number >= held.end().file(); number--) {
      String name = LogFile.nameOf(number);
      Path waiting = incoming.resolve(name);
      Path place = Files.exists(waiting) ? waiting : sourceLogs.resolve(name);
      if (Files.exists(place) && (number < missing || place.equals(waiting))) {
        Lsn end = LogEnd.of(new LogFile(number, place), 0);
        return end.compareTo(held.end()) > 0 ? end : held.end();
      }
    }
    return held.end();
  }
}
