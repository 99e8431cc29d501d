package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.Target;
import io.github.bdbstandby.procedure.steps.Rearrangement;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/** Databases that lie aside since somebody was killed over them while they changed names. */
final class AsideGuard {
  private AsideGuard() {}

  /** Puts them where they were going, if that was written down. */
  static void finish(Target target) throws IOException {
    Rearrangement begun = new Rearrangement(target);
    if (begun.stands()) {
      try {
        begun.finish();
      } catch (Rearrangement.DamagedException e) {
        throw damaged(e);
      }
    }
  }

  /**
   * Looks whether any are to be put somewhere, and changes nothing.
   *
   * @throws RefusedException {@code damaged} if {@link #finish} would be refused
   */
  static boolean isBegun(Target target) throws IOException {
    Rearrangement begun = new Rearrangement(target);
    try {
      begun.check();
    } catch (Rearrangement.DamagedException e) {
      throw damaged(e);
    }
    return begun.stands();
  }

  private static RefusedException damaged(Rearrangement.DamagedException e) {
    return new RefusedException(
        Reason.DAMAGED,
        e.getMessage(),
        "keep the directory, and take a new snapshot elsewhere: databases are aside here",
        e);
  }

  /** The same in a copy of the target: there too they are where they were going. */
  static void finishIn(Target copy, Target original) throws IOException {
    if (Files.isDirectory(original.aside())) {
      Files.createDirectories(copy.aside());
      try (DirectoryStream<Path> files = Files.newDirectoryStream(original.aside())) {
        for (Path file : files) {
          if (!DurableFiles.isTemporary(file)) {
            PlainCopier.cloneOrCopy(file, copy.aside().resolve(file.getFileName()));
          }
        }
      }
      finish(copy);
      refuse(copy, original.aside());
    }
  }

  /**
   * What is there still nobody knows a place for.
   *
   * @param shown where it is for who reads of it
   */
  static void refuse(Target target, Path shown) throws IOException {
    if (Files.isDirectory(target.aside()) && !PathUtils.isEmptyDirectory(target.aside())) {
      throw new RefusedException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.shown(shown)
              + ": has databases, by their file ids, that a cycle which was cut off did not put back",
          "take a new snapshot; if the source is lost, move each to its name in the standby first");
    }
  }
}
