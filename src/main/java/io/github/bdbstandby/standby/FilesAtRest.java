package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.PageWrites;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.standby.Manifest.FileAtRest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;

/**
 * What lies in a standby between two cycles: size, time and sum of each file. A file that is still
 * the same, and that neither size nor time say has changed, keeps its sum; the sum of one that only
 * recovery has written to follows from what that has changed. All others are read again, several at
 * once, or have none for the time being.
 */
final class FilesAtRest {
  private static final int CHUNK = 1 << 20;

  /** Longer than a tick of any kernel's clock, which file times are taken from. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private FilesAtRest() {}

  /**
   * Everything below a home that belongs to the environment, by path from it. What recovery has
   * made or changed gets the mode of its original.
   *
   * @param originals where the source has the same; empty to leave modes alone
   * @param before what is known already
   * @param sources the stamps of files refreshed from the source
   * @param writes of the recoveries since
   * @param summing whether to read what has changed otherwise
   */
  static Map<String, FileAtRest> list(
      Path home,
      Path logDirectory,
      Optional<Originals> originals,
      Map<String, FileAtRest> before,
      Map<String, String> sources,
      PageWrites writes,
      boolean summing)
      throws IOException {
    EnvironmentFiles files = EnvironmentFiles.in(home, logDirectory, excluded(home));
    Listing listing = new Listing(home, originals, before, sources, writes, summing);
    try {
      files.databases().parallelStream()
          .forEach(database -> listing.add(database.path(), FileAtRest.DATABASE));
      for (OtherFile other : files.others()) {
        listing.add(other.path(), FileAtRest.OTHER);
      }
      if (Files.isDirectory(logDirectory)) {
        LogFile.in(logDirectory).parallelStream()
            .forEach(log -> listing.add(log.path(), FileAtRest.LOG));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new TreeMap<>(listing.now);
  }

  static Set<Path> excluded(Path home) {
    return Set.of(home.resolve(StandbyDirectory.MARKS));
  }

  /** CRC32C of a whole file. */
  static long sum(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel in = RegularFile.open(file)) {
      while (in.read(chunk.clear()) > 0) {
        crc.update(chunk.flip());
      }
    }
    return crc.getValue();
  }

  /**
   * What is known of files just copied: their sums came with the copying. To be asked before
   * recovery changes them. A file copied so late that recovery could change it within the same tick
   * of the file system's clock is left out.
   */
  static Map<String, FileAtRest> of(Path home, Map<Path, CopiedFile> copied) throws IOException {
    Map<String, FileAtRest> known = new TreeMap<>();
    long late = late(Instant.now());
    for (Map.Entry<Path, CopiedFile> each : copied.entrySet()) {
      try {
        Now now = Now.of(home.resolve(each.getKey()));
        if (now.modified() < late) {
          known.put(
              FileNames.toName(each.getKey()),
              new FileAtRest(
                  "",
                  each.getValue().size(),
                  now.modified(),
                  now.inode(),
                  each.getValue().crc32c(),
                  null));
        }
      } catch (NoSuchFileException e) {
        // removed since it was copied
      }
    }
    return known;
  }

  /**
   * What a manifest knows of its files, as far as the next cycle's changes of them will show. A
   * file that was written just before that manifest is summed again: it may have been written once
   * more within the same tick of the file system's clock.
   */
  static Map<String, FileAtRest> known(Manifest manifest) {
    long late = late(Manifest.time(manifest.syncedAt()).orElse(Instant.EPOCH));
    Map<String, FileAtRest> known = new TreeMap<>(manifest.files());
    known.replaceAll((name, file) -> file.modified() < late ? file : file.inDoubt());
    return known;
  }

  /**
   * A database that is not as it was left, if there is one, or a whole log file that recovery
   * needs: gone, or with another size or sum.
   */
  static Optional<Path> changed(Path home, Manifest manifest) throws IOException {
    for (Map.Entry<String, FileAtRest> each : manifest.files().entrySet()) {
      FileAtRest known = each.getValue();
      Path file = home.resolve(FileNames.toPath(each.getKey()));
      if ((known.kind().equals(FileAtRest.DATABASE) || isWholeLog(file, known, manifest))
          && !isAsKnown(file, known)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** The databases that are not there any more, though only recovery may remove one. */
  static List<Path> gone(Path home, Manifest manifest) {
    return manifest.files().entrySet().stream()
        .filter(each -> each.getValue().kind().equals(FileAtRest.DATABASE))
        .map(each -> home.resolve(FileNames.toPath(each.getKey())))
        .filter(file -> !Files.exists(file))
        .toList();
  }

  private static boolean isWholeLog(Path file, FileAtRest known, Manifest manifest) {
    OptionalLong number =
        known.kind().equals(FileAtRest.LOG)
            ? LogFile.numberOf(file.getFileName().toString())
            : OptionalLong.empty();
    return number.isPresent()
        && number.getAsLong() >= manifest.firstNeeded()
        && number.getAsLong() < manifest.recoveredTo().file();
  }

  private static boolean isAsKnown(Path file, FileAtRest known) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      if (now.size() != known.size()) {
        return false;
      }
      return known.crc32c() < 0
          || now.lastModifiedTime().to(TimeUnit.NANOSECONDS) == known.modified()
          || sum(file) == known.crc32c(); // it was put back, or only touched
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Waits until none of these files can be in doubt for a manifest written then: a tick of the
   * clock at most, where reading them again would take longer.
   */
  static void settle(Map<String, FileAtRest> files) {
    long latest = files.values().stream().mapToLong(FileAtRest::modified).max().orElse(0);
    long left = latest + 1 - late(Instant.now());
    // A file of the future stays in doubt, and whoever is interrupted does not wait.
    while (left > 0 && left <= TICK_NANOS + 1 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = latest + 1 - late(Instant.now());
    }
  }

  /** What is to be moved to a home; where that means to another disk, files become others. */
  static Map<String, FileAtRest> toBeMoved(Path home, Map<String, FileAtRest> files)
      throws IOException {
    if (!MountedFileSystem.anyBelow(home)) {
      return files;
    }
    Map<String, FileAtRest> moved = new TreeMap<>(files);
    moved.replaceAll((name, file) -> file.withoutInode());
    return moved;
  }

  private static long late(Instant when) {
    return TimeUnit.SECONDS.toNanos(when.getEpochSecond()) + when.getNano() - TICK_NANOS;
  }

  /** What one look at a file tells. */
  private record Now(
      long size, long modified, long device, long inode, Set<PosixFilePermission> permissions) {
    static Now of(Path file) throws IOException {
      Map<String, Object> all =
          Files.readAttributes(file, "unix:size,lastModifiedTime,dev,ino,permissions");
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      for (Object each : (Set<?>) all.get("permissions")) {
        permissions.add((PosixFilePermission) each);
      }
      return new Now(
          (Long) all.get("size"),
          ((FileTime) all.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
          (Long) all.get("dev"),
          (Long) all.get("ino"),
          permissions);
    }
  }

  /** One list being made; thread-safe. */
  private static final class Listing {
    private final Path home;
    private final Optional<Originals> originals;
    private final Map<String, FileAtRest> before;
    private final Map<String, String> sources;
    private final PageWrites writes;
    private final boolean summing;
    private final Map<String, FileAtRest> now = new ConcurrentHashMap<>();

    Listing(
        Path home,
        Optional<Originals> originals,
        Map<String, FileAtRest> before,
        Map<String, String> sources,
        PageWrites writes,
        boolean summing) {
      this.home = home;
      this.originals = originals;
      this.before = before;
      this.sources = sources;
      this.writes = writes;
      this.summing = summing;
    }

    void add(Path file, String kind) {
      String name = FileNames.toName(home.relativize(file));
      try {
        Now at = Now.of(file);
        FileAtRest known = before.get(name);
        boolean unchanged =
            known != null
                && known.size() == at.size()
                && known.modified() == at.modified()
                && (known.inode() == at.inode() || known.inode() == 0);
        if (!unchanged && originals.isPresent()) {
          originals.get().like(kind, home.relativize(file), file, at.permissions());
        }
        long crc = FileAtRest.NOT_SUMMED;
        if (unchanged) {
          crc = known.crc32c();
        } else if (known != null && known.inode() == at.inode() && known.crc32c() >= 0) {
          crc = sumAfter(at, known).orElse(crc);
        }
        if (crc == FileAtRest.IN_DOUBT || (summing && crc == FileAtRest.NOT_SUMMED)) {
          crc = sum(file);
        }
        String source =
            kind.equals(FileAtRest.OTHER) ? sources.getOrDefault(name, stamp(known)) : null;
        now.put(name, new FileAtRest(kind, at.size(), at.modified(), at.inode(), crc, source));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private OptionalLong sumAfter(Now at, FileAtRest known) {
      return writes.sumAfter(
          at.device(), known.inode(), known.size(), known.modified(), known.crc32c(), at.size());
    }

    /** Of a database that had the name meanwhile there is none. */
    private static String stamp(FileAtRest known) {
      return known != null && known.kind().equals(FileAtRest.OTHER) ? known.source() : null;
    }
  }
}
