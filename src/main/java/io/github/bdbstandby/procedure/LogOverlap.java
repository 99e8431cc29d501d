package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.libdb.WrongPasswordException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Our copy of a log file, and the source's now: how far they agree, and who has more. Only whole
 * records count, by libdb's checksums: half a record is what a crash leaves, and whoever recovers
 * writes another in its place.
 *
 * @param parting where the first record would be that is not the same in both
 * @param oursGoesOn whether ours has a whole record there
 * @param theirsGoesOn whether the source's has one
 */
public record LogOverlap(Lsn parting, boolean oursGoesOn, boolean theirsGoesOn) {

  /**
   * Compares copies, since both may be growing: ours is taken first, so that the source's has all
   * that was shipped.
   *
   * @param limit bytes of ours that are the source's own
   * @param options the password; empty if it is needed and not known, so that headers must do
   * @throws java.nio.file.NoSuchFileException if one of them was removed
   */
  public static LogOverlap of(
      LogFile ours, long limit, Path theirs, Optional<EnvironmentOptions> options)
      throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-overlap")) {
      LogFile here = copy(ours.number(), ours.path(), limit, scratch.directory().resolve("ours"));
      LogFile there =
          copy(ours.number(), theirs, Long.MAX_VALUE, scratch.directory().resolve("theirs"));
      long parting = parting(here, there);
      return new LogOverlap(
          new Lsn(ours.number(), parting),
          wholeEnd(here, options) > parting,
          wholeEnd(there, options) > parting);
    }
  }

  /**
   * Whether a log file has a whole record.
   *
   * @param options the password; empty if it is needed and not known, so that headers must do
   */
  public static boolean begins(LogFile log, Optional<EnvironmentOptions> options)
      throws IOException {
    return LogEnd.of(log, 0).offset() > 0 && wholeEndOf(log, options).offset() > 0;
  }

  /**
   * Where the whole records of a log file end, from its beginning on.
   *
   * @param options the password; empty if it is needed and not known, so that headers must do
   */
  public static Lsn wholeEndOf(LogFile log, Optional<EnvironmentOptions> options)
      throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-overlap")) {
      LogFile alone =
          copy(log.number(), log.path(), Long.MAX_VALUE, scratch.directory().resolve("ours"));
      return new Lsn(log.number(), wholeEnd(alone, options));
    }
  }

  private static LogFile copy(long number, Path from, long limit, Path directory)
      throws IOException {
    Files.createDirectory(directory);
    Path copy = directory.resolve(LogFile.nameOf(number));
    PlainCopier.copy(from, copy, limit, CopyProgress.NONE);
    return new LogFile(number, copy);
  }

  private static long parting(LogFile here, LogFile there) throws IOException {
    long differs = Files.mismatch(here.path(), there.path());
    long same = differs < 0 ? here.size() : differs;
    try (FileChannel log = RegularFile.open(here.path())) {
      RecordHeaders records = new RecordHeaders(log, 0);
      long end = 0;
      while (records.next() && records.end() <= same) {
        end = records.end();
      }
      return end;
    }
  }

  private static long wholeEnd(LogFile log, Optional<EnvironmentOptions> options)
      throws IOException {
    if (options.isEmpty()) {
      return LogEnd.of(log, 0).offset();
    }
    try (DbEnvironment alone =
        DbEnvironment.openPrivate(
            log.path().getParent(), Set.of(Subsystem.LOG), options.orElseThrow())) {
      Lsn end = alone.logStatus().end();
      return end.file() == log.number() ? end.offset() : 0;
    } catch (WrongPasswordException e) {
      throw e;
    } catch (DbException e) {
      return 0; // not even its beginning is whole
    }
  }
}
