package io.github.bdbstandby.procedure;

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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
  private static final int COMPARED = 64 * 1024;

  /**
   * Compares them where they lie; both may be growing. Ours counts as far as it goes now, so that
   * the source's has all that was shipped.
   *
   * @param limit bytes of ours that are the source's own
   * @param options the password; empty if it is needed and not known, so that headers must do
   * @throws java.nio.file.NoSuchFileException if one of them was removed
   */
  public static LogOverlap of(
      LogFile ours, long limit, Path theirs, Optional<EnvironmentOptions> options)
      throws IOException {
    try (FileChannel here = RegularFile.open(ours.path());
        FileChannel there = RegularFile.open(theirs)) {
      long length = Math.min(limit, here.size());
      long parting = parting(here, length, there);
      boolean oursGoesOn =
          endOfRecord(here, parting) <= length && wholeEndOf(ours, options).offset() > parting;
      LogFile other = new LogFile(ours.number(), theirs);
      return new LogOverlap(
          new Lsn(ours.number(), parting),
          oursGoesOn,
          wholeEndOf(other, options).offset() > parting);
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
   * @throws NoSuchFileException if it was removed
   */
  public static Lsn wholeEndOf(LogFile log, Optional<EnvironmentOptions> options)
      throws IOException {
    Lsn end = LogEnd.of(log, 0); // also sees that it is a regular file, at which nobody waits
    return options.isEmpty() ? end : new Lsn(log.number(), wholeEndOf(log, options.orElseThrow()));
  }

  /** The file is shown to libdb by a link, as the only one of its directory. */
  private static long wholeEndOf(LogFile log, EnvironmentOptions options) throws IOException {
    try (Scratch scratch = Scratch.temporary("bdb-standby-overlap")) {
      Files.createSymbolicLink(
          scratch.directory().resolve(LogFile.nameOf(log.number())), log.path().toAbsolutePath());
      return wholeEnd(scratch.directory(), log, options);
    }
  }

  private static long wholeEnd(Path directory, LogFile log, EnvironmentOptions options)
      throws IOException {
    long whole;
    try (DbEnvironment alone =
        DbEnvironment.openPrivate(directory, Set.of(Subsystem.LOG), options)) {
      Lsn end = alone.logStatus().end();
      whole = end.file() == log.number() ? end.offset() : 0;
    } catch (WrongPasswordException e) {
      throw e;
    } catch (DbException e) {
      whole = 0; // not even its beginning is whole
    }
    if (!Files.exists(log.path())) {
      throw new NoSuchFileException(log.path().toString()); // libdb may have seen nothing of it
    }
    return whole;
  }

  /** Where the first record would be that is not the same in both, or goes beyond the length. */
  private static long parting(FileChannel here, long length, FileChannel there) throws IOException {
    long same = same(here, there, length);
    RecordHeaders records = new RecordHeaders(here, 0);
    long end = 0;
    while (records.next() && records.end() <= same) {
      end = records.end();
    }
    return end;
  }

  private static long endOfRecord(FileChannel log, long from) throws IOException {
    RecordHeaders records = new RecordHeaders(log, from);
    return records.next() ? records.end() : Long.MAX_VALUE;
  }

  /** So many bytes of both are the same. */
  private static long same(FileChannel here, FileChannel there, long length) throws IOException {
    ByteBuffer ours = ByteBuffer.allocate(COMPARED);
    ByteBuffer theirs = ByteBuffer.allocate(COMPARED);
    for (long at = 0; at < length; at += COMPARED) {
      fill(here, ours, at, length);
      fill(there, theirs, at, length);
      int differs = ours.mismatch(theirs);
      if (differs >= 0) {
        return at + differs;
      }
      if (ours.limit() < COMPARED) {
        return at + ours.limit();
      }
    }
    return length;
  }

  private static void fill(FileChannel from, ByteBuffer bytes, long at, long length)
      throws IOException {
    bytes.clear().limit((int) Math.min(COMPARED, length - at));
    while (bytes.hasRemaining() && from.read(bytes, at + bytes.position()) > 0) {}
    bytes.flip();
  }
}
