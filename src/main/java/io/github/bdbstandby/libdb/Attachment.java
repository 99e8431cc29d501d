package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Looks at a {@code DB_ENV} that somebody else has opened, before anything is asked of it. */
final class Attachment {

  private Attachment() {}

  /** A pointer's owner, after a look at what is there without following it. */
  static HandleOwner of(long pointer) {
    if (pointer == 0) {
      throw new IllegalArgumentException("a null pointer is no DB_ENV");
    }
    refuseForeign(pointer);
    return new HandleOwner.Borrowed(pointer, Optional.of(UUID.randomUUID().toString()));
  }

  /** The same for the official API's object; its version was asked of itself. */
  static HandleOwner of(Object environment) {
    OfficialHandle handle = OfficialHandle.of(environment);
    handle.lend(
        pointer -> {
          refuseForeign(pointer);
          return null;
        });
    return handle;
  }

  /**
   * The home of an environment that is open and may be called by any thread.
   *
   * @throws IllegalStateException if it is not
   */
  static Path home(long pointer) {
    byte[] home = Shim.getHome(pointer);
    int flags;
    try {
      flags = Shim.getOpenFlags(pointer);
    } catch (DbException e) {
      throw new IllegalStateException("the DB_ENV is not open: " + e.getMessage(), e);
    }
    Path path =
        FileNames.toPath(home == null ? "" : FileNames.decode(home)).toAbsolutePath().normalize();
    if ((flags & Shim.constant("DB_THREAD")) == 0) {
      throw new IllegalStateException(
          "the environment "
              + FileNames.shown(path)
              + " was opened without DB_THREAD: no other thread may use it");
    }
    return path;
  }

  private static void refuseForeign(long pointer) {
    int[] version = Shim.versionOf(pointer);
    if (version == null) {
      throw mismatch("no DB_ENV of Berkeley DB 5.3 is at this address");
    }
    refuseOther(version, "DB_ENV");
  }

  /**
   * Compares with what the shim was built for.
   *
   * @param version major, minor, patch; zeros if the library does not tell
   * @throws VersionMismatchException if its structs may be others
   */
  static void refuseOther(int[] version, String whose) {
    int[] ours = Shim.versions();
    boolean tells = version[0] != 0;
    if (!tells || version[0] != ours[0] || version[1] != ours[1]) {
      throw mismatch(
          whose
              + (tells
                  ? " belongs to Berkeley DB " + version[0] + "." + version[1] + "." + version[2]
                  : " belongs to a library that does not show db_version")
              + ", and this is built for "
              + ours[0]
              + "."
              + ours[1]);
    }
  }

  private static VersionMismatchException mismatch(String message) {
    return new VersionMismatchException(
        ErrorCodes.valueOf("DB_VERSION_MISMATCH"), "attach", List.of(message));
  }
}
