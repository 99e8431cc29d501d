package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * The hold on bulk loading that a snapshot is taken under: the one that stands already, or one of
 * its own, which it gives back if it fails.
 */
final class SnapshotHold {
  private final StandbyDirectory standby;
  private final BulkGuard bulk;
  private final boolean isOwn;
  private final Manifest.Hold taken;

  /** Which manifest there was before: in a thread that was interrupted none can be read. */
  private final Optional<Object> manifest;

  private SnapshotHold(
      StandbyDirectory standby,
      BulkGuard bulk,
      boolean isOwn,
      Manifest.Hold taken,
      Optional<Object> manifest) {
    this.standby = standby;
    this.bulk = bulk;
    this.isOwn = isOwn;
    this.taken = taken;
    this.manifest = manifest;
  }

  /** Takes one, if none stands. */
  static SnapshotHold take(StandbyDirectory standby, Source source, Optional<Manifest> old)
      throws IOException {
    Optional<Object> manifest = manifestOf(standby);
    BulkGuard bulk = new BulkGuard(source);
    Manifest.Hold before =
        old.map(Manifest::hold).filter(Manifest.Hold::taken).orElse(BulkGuard.NO_HOLD);
    boolean standing = bulk.stands(before);
    return new SnapshotHold(
        standby, bulk, !standing, standing ? before : bulk.take(before), manifest);
  }

  /** As the new manifest is to tell of it. */
  Manifest.Hold taken() {
    return taken;
  }

  /**
   * Once the log is gathered: who has made the regions anew meanwhile may have loaded in bulk into
   * what was copied before, and nobody would look for that again.
   */
  void refuseGone(Source source) throws IOException {
    if (source.opened().isPresent() && taken.taken() && !bulk.stands(taken)) {
      throw new CycleFailedException(
          Reason.SOURCE_STUCK,
          FileNames.shown(source.home()) + ": its regions were made anew while it was copied",
          "take the snapshot again",
          null);
    }
  }

  /** What the user should know. */
  List<String> notes() {
    return bulk.notes();
  }

  /**
   * Gives its own back, unless a new manifest tells of it, or will when a switch that was begun is
   * ended. The old one may tell of the same regions; since then there was a time without a hold.
   */
  void giveBack() throws IOException {
    if (isOwn && !new Journal(standby).isOpen() && manifestOf(standby).equals(manifest)) {
      bulk.release(taken);
    }
  }

  private static Optional<Object> manifestOf(StandbyDirectory standby) throws IOException {
    try {
      return Optional.ofNullable(
          Files.readAttributes(standby.manifest(), BasicFileAttributes.class).fileKey());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
