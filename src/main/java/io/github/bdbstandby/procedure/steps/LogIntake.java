package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.PageWrites;
import io.github.bdbstandby.libdb.RecoveryListener;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Lets gathered log files into a target: each by one rename, from the lowest number up, so that at
 * every moment the target's log is an unbroken prefix of the source's. The last one is let in as a
 * copy, since recovery writes into it, and its original stays to be continued.
 *
 * <p>Recovery of the target may have gone on writing in files of its own behind the one in which
 * the source's history ended. They go first, from the highest down: behind a file of the source
 * they would be read as its continuation.
 */
public final class LogIntake {
  private LogIntake() {}

  /**
   * Lets in what has been looked at; more may be coming in meanwhile.
   *
   * @param gathered ascending; made durable here, if they are not yet
   * @param end where the log that was looked at ends
   * @return bytes of each file let in
   */
  public static List<Long> place(Target target, List<LogFile> gathered, Lsn end)
      throws IOException {
    List<LogFile> upTo = gathered.stream().filter(log -> log.number() <= end.file()).toList();
    boolean whole = upTo.isEmpty() || upTo.get(upTo.size() - 1).number() < end.file();
    return place(target, upTo, whole ? Long.MAX_VALUE : end.offset());
  }

  private static List<Long> place(Target target, List<LogFile> gathered, long ofTheLast)
      throws IOException {
    DurableFiles.createDirectories(target.logDirectory());
    if (gathered.isEmpty()) {
      return List.of();
    }
    removeBehind(target.logDirectory(), gathered.get(0).number());
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < gathered.size(); i++) {
      Path from = gathered.get(i).path();
      Path place = target.logDirectory().resolve(from.getFileName());
      sizes.add(Math.min(Files.size(from), i == gathered.size() - 1 ? ofTheLast : Long.MAX_VALUE));
      if (i == gathered.size() - 1) {
        CopiedFile copy =
            PlainCopier.copy(from, DurableFiles.temporary(from), ofTheLast, CopyProgress.NONE);
        from = copy.target();
      } else {
        DurableFiles.syncFile(from); // a shipper that was cut off, or is at it, may not have
      }
      PlainCopier.move(from, place);
      // Each name must be durable before the next: a power cut may not leave a hole.
      DurableFiles.syncDirectory(target.logDirectory());
    }
    return List.copyOf(sizes);
  }

  /**
   * Lets in the log up to where each early stage ends, and recovers the target there. How far that
   * is is noted before more is let in: until then the log itself tells.
   *
   * @param writes is told what is written; empty if nobody asks
   */
  public static void pauseAt(
      Target target,
      RecoveryStops stops,
      EnvironmentOptions options,
      Optional<PageWrites> writes,
      RecoveryListener listener)
      throws IOException {
    for (RecoveryStops.Stage stage : stops.early()) {
      Lsn end = stage.end().orElseThrow();
      place(target, LogFile.in(target.incoming()), end);
      Recover.recover(target, stage, end, options, writes, listener);
      if (target.reached().isPresent()) {
        byte[] text = end.toString().getBytes(StandardCharsets.US_ASCII);
        DurableFiles.write(target.reached().get(), text);
      }
    }
  }

  private static void removeBehind(Path logDirectory, long number) throws IOException {
    List<LogFile> behind =
        LogFile.in(logDirectory).stream()
            .filter(log -> log.number() > number)
            .sorted(Comparator.reverseOrder())
            .toList();
    for (LogFile log : behind) {
      DurableFiles.delete(log.path());
    }
  }
}
