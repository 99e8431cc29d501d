package io.github.bdbstandby.libdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Recovery of a directory: an open, during which pages go through a slot if one is given, and no
 * extent of a queue is missing.
 */
final class Recovery {

  /** The home that this thread recovers: slot, sums and extents are watched for one at a time. */
  private static final ThreadLocal<Path> RUNNING = new ThreadLocal<>();

  private Recovery() {}

  /** See {@link DbEnvironment#recover(Path, RecoveryOptions, RecoveryListener, Function)}. */
  static <T> T run(
      Path home,
      RecoveryOptions options,
      RecoveryListener listener,
      Function<DbEnvironment, T> look) {
    RecoveryListener told = listener == null ? RecoveryListener.NONE : listener;
    T seen;
    if (RUNNING.get() != null) {
      throw new IllegalStateException(
          "recovery of "
              + FileNames.shown(home)
              + " from the listener of that of "
              + FileNames.shown(RUNNING.get())
              + ": it must run on another thread, or later");
    }
    RUNNING.set(home);
    try {
      Shim.extentsBegin();
      options.slot().ifPresent(slot -> Shim.doubleWriteBegin(FileNames.encode(slot)));
      options.writes().ifPresent(PageWrites::begin);
      try (DbEnvironment recovered = new DbEnvironment(Opening.recovering(home, options, told))) {
        seen = look.apply(recovered);
      }
    } finally {
      Shim.pageWritesEnd();
      Shim.doubleWriteEnd();
      RUNNING.remove();
      Shim.extentsEnd(); // after the close: until then a page may be in the cache only
    }
    options.slot().ifPresent(Recovery::remove);
    return seen;
  }

  private static void remove(Path slot) {
    try {
      Files.deleteIfExists(slot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
