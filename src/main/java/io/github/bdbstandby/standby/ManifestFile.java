package io.github.bdbstandby.standby;

import com.fasterxml.jackson.core.JacksonException;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.UnfitFileException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and writes {@code manifest.json}, atomically and durably. */
final class ManifestFile {
  private ManifestFile() {}

  /**
   * The manifest in a file.
   *
   * @return empty if there is none
   * @throws RefusedException if it is not one of ours, or damaged; what is returned can be relied
   *     on
   */
  static Optional<Manifest> read(Path file) throws IOException {
    try {
      Manifest manifest = MarksJson.read(file, Manifest.class);
      if (manifest.format() != Manifest.FORMAT) {
        throw new RefusedException(
            Reason.NOT_A_STANDBY,
            FileNames.shown(file)
                + ": written in format "
                + manifest.format()
                + ", this version knows 1",
            "use the version of bdb-standby that made this standby, or take a new snapshot elsewhere");
      }
      Optional<String> objection = ManifestGuard.objection(manifest);
      if (objection.isPresent()) {
        throw damaged(file, objection.get(), null);
      }
      return Optional.of(manifest);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UnfitFileException e) {
      throw damaged(file, e.getReason(), e);
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (isBelowAFile(file)) {
        return Optional.empty();
      }
      throw e;
    } catch (JacksonException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    }
  }

  /** Whether there is a file where the standby, or a directory above it, should be. */
  private static boolean isBelowAFile(Path file) {
    Path above = file.getParent();
    while (above != null && !Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
      above = above.getParent();
    }
    return above != null && !Files.isDirectory(above);
  }

  /**
   * The manifest of a standby that can be worked on, as a cycle that was cut off has left it.
   *
   * @throws RefusedException {@code not-a-standby} or {@code promoted}
   */
  static Manifest ofStandby(StandbyDirectory standby) throws IOException {
    Manifest manifest =
        read(standby.manifest())
            .orElseThrow(
                () ->
                    new RefusedException(
                        Reason.NOT_A_STANDBY,
                        FileNames.shown(standby.home())
                            + ": not a standby of ours, or no snapshot was ever whole",
                        "make it one: bdb-standby snapshot --home HOME --standby "
                            + FileNames.shown(standby.home())));
    if (manifest.isPromoted()) {
      throw new RefusedException(
          Reason.PROMOTED,
          FileNames.shown(standby.home()) + ": was failed over, and is a primary now",
          "make another directory its standby, with this one as --home");
    }
    return new UnfinishedCycle(standby).asReached(manifest);
  }

  private static RefusedException damaged(Path file, String why, Throwable cause) {
    return new RefusedException(
        Reason.NOT_A_STANDBY,
        FileNames.shown(file) + ": damaged: " + why,
        "keep the directory, recover a copy of it with 'recover', and take a new snapshot elsewhere",
        cause);
  }

  static void write(Path file, Manifest manifest) throws IOException {
    DurableFiles.write(file, MarksJson.bytes(manifest));
  }
}
