package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.MountedFileSystem;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby that a snapshot takes the place of, though the source does not continue it: that was
 * put back, or made anew where its disk was not mounted. What the standby has may be in no other
 * place then. It is kept below the new one, as a standby of its own that can be failed over.
 *
 * <p>None is ever removed by us: which of them is the right one, we can't know.
 *
 * @param standby where it is until the switch
 * @param kept where it goes
 * @param recoveredTo how far it has come
 * @param why the source does not continue it
 */
record ReplacedStandby(
    StandbyDirectory standby, StandbyDirectory kept, Lsn recoveredTo, String why) {
  private static final Logger LOG = LoggerFactory.getLogger(ReplacedStandby.class);
  private static final int MOST_UNASKED = 2;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Whether a standby is to be kept. */
  static Optional<ReplacedStandby> of(
      StandbyDirectory standby, Manifest raw, Source source, EnvironmentOptions options) {
    Manifest manifest = asReached(standby, raw);
    return parting(standby, manifest, source, options)
        .map(
            why ->
                new ReplacedStandby(
                    standby,
                    new StandbyDirectory(standby.replaced().resolve(NAME.format(Instant.now()))),
                    manifest.recoveredTo().lsn(),
                    why));
  }

  private static Manifest asReached(StandbyDirectory standby, Manifest manifest) {
    try {
      return new UnfinishedCycle(standby).asReached(manifest);
    } catch (IOException | RefusedException e) {
      LOG.debug("how far it has come is not known", e);
      return manifest;
    }
  }

  /** Why the source's history is another one; where that can't be told, it may be. */
  private static Optional<String> parting(
      StandbyDirectory standby, Manifest manifest, Source source, EnvironmentOptions options) {
    try {
      Optional<IncomingLogs.Break> own = new OwnCommits(standby, manifest, options).broken();
      if (own.isPresent()) {
        return own.map(IncomingLogs.Break::message);
      }
      return IncomingLogs.of(standby.target(manifest), source, manifest, options)
          .assess(source.logFiles())
          .broken()
          .filter(broken -> broken.reason() == Reason.HISTORY_DIVERGED || isOther(standby, source))
          .map(IncomingLogs.Break::message);
    } catch (UncheckedIOException | IOException | DbException e) {
      LOG.debug("histories can't be compared", e);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Whether no database is the same: then what looks like a gap may be another history. */
  private static boolean isOther(StandbyDirectory standby, Source source) {
    try {
      Set<String> ours =
          EnvironmentFiles.in(standby.home(), standby.home(), FilesAtRest.excluded(standby.home()))
              .fileIds();
      return !ours.isEmpty() && Collections.disjoint(ours, source.files().fileIds());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that are kept, the oldest first. */
  static List<StandbyDirectory> in(StandbyDirectory standby) throws IOException {
    List<StandbyDirectory> all = new ArrayList<>();
    if (Files.isDirectory(standby.replaced())) {
      try (DirectoryStream<Path> each = Files.newDirectoryStream(standby.replaced())) {
        each.forEach(directory -> all.add(new StandbyDirectory(directory)));
      }
    }
    all.sort((a, b) -> a.home().compareTo(b.home()));
    return all;
  }

  /**
   * Looks whether one more may be kept unasked: a source that is put back every night would fill
   * the standby's disk.
   */
  void refuseMore() throws IOException {
    if (in(standby).size() >= MOST_UNASKED) {
      throw new CycleFailedException(
          Reason.HISTORY_DIVERGED,
          why + "; " + MOST_UNASKED + " standbys that were replaced are kept already",
          "remove those in "
              + FileNames.shown(standby.replaced())
              + " that are not wanted, or take a snapshot yourself: that keeps one more",
          null);
    }
  }

  /**
   * Looks whether it can be kept: what lies on a disk mounted within the standby is copied.
   *
   * @throws RefusedException {@code disk-full}
   */
  void checkRoom() throws IOException {
    if (!MountedFileSystem.anyBelow(standby.home())) {
      return;
    }
    DiskRoom room = new DiskRoom();
    for (Path file : OldEnvironment.files(standby, List.of())) {
      if (Files.isRegularFile(file) && !SpaceGuard.isShared(file, standby.marks())) {
        room.add(standby.marks(), Files.size(file));
      }
    }
    room.check();
  }

  /** Keeps what tells of it, and the log that waits for it; may be done again. */
  static void keepMarks(StandbyDirectory standby, StandbyDirectory kept, boolean hasConfig)
      throws IOException {
    DurableFiles.createDirectories(kept.marks());
    keepDirectories(standby, kept);
    if (hasConfig) {
      copy(standby.home().resolve(DbConfig.FILE), kept.home().resolve(DbConfig.FILE));
    }
    copy(standby.unfinished(), kept.unfinished());
    copy(standby.lostPage(), kept.lostPage());
    if (Files.isDirectory(standby.incoming()) && !Files.exists(kept.incoming())) {
      DurableFiles.rename(standby.incoming(), kept.incoming());
    }
    copy(standby.manifest(), kept.manifest()); // last: with it, it is a standby
  }

  /** With those that nothing is in: the log that waits may make files there. */
  private static void keepDirectories(StandbyDirectory standby, StandbyDirectory kept)
      throws IOException {
    EnvironmentFiles files =
        EnvironmentFiles.in(standby.home(), standby.home(), FilesAtRest.excluded(standby.home()));
    for (Path directory : files.directories()) {
      Path place = kept.home().resolve(directory);
      DurableFiles.createDirectories(place);
      FileModes.sameDirectory(standby.home().resolve(directory), place);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      DurableFiles.write(to, Files.readAllBytes(from));
    }
  }

  /** Moves a file of it; the caller makes the directories durable. */
  static void keep(StandbyDirectory standby, StandbyDirectory kept, Path file) throws IOException {
    if (EnvironmentFiles.isRegion(file.getFileName().toString())) {
      Files.delete(file);
      return;
    }
    Path place = kept.home().resolve(standby.home().relativize(file));
    if (!Files.isDirectory(place.getParent(), LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(place.getParent());
    }
    PlainCopier.move(file, place);
  }

  /** What who promotes the other should know: this may be the one that is wanted. */
  static String noteOf(StandbyDirectory kept) {
    return FileNames.shown(kept.home())
        + ": a former standby is kept there, which "
        + end(kept).map(end -> "had come to " + end).orElse("can't be read")
        + ", and was not continued by its source: fail over that one if it is the one that is"
        + " wanted, remove it if it is not";
  }

  private static Optional<Lsn> end(StandbyDirectory kept) {
    try {
      return ManifestFile.read(kept.manifest())
          .map(manifest -> asReached(kept, manifest).recoveredTo().lsn());
    } catch (IOException | RefusedException e) {
      LOG.debug("how far it has come is not known", e);
      return Optional.empty();
    }
  }

  /** What the user should know. */
  String note() {
    return FileNames.shown(standby.home())
        + ": what it had, up to "
        + recoveredTo
        + ", is not continued by the source ("
        + why
        + "), and kept in "
        + FileNames.shown(kept.home())
        + ": failed over it is a primary again; remove it if it is not wanted";
  }
}
