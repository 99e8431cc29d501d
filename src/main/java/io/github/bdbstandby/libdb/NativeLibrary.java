package io.github.bdbstandby.libdb;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds and loads the shim, once. The system property {@value #OVERRIDE} names a file to load
 * instead of the one in the jar, and then nothing else is tried. Every attempt that failed is kept
 * as a suppressed exception.
 */
final class NativeLibrary {

  /** System property: the path of the shim to load. */
  static final String OVERRIDE = "bdbstandby.library";

  /**
   * System property: the class loader that has the shim. It stays so until the JVM ends: libdb may
   * have functions of the shim, which therefore is never unloaded.
   */
  private static final String OWNER = "bdbstandby.loaded";

  private static final String NAME = "bdbstandby";

  private NativeLibrary() {}

  /**
   * Loads the shim into the class loader of this class, unless another one in this JVM has it: what
   * recovery sets in libdb is there once for the whole process, and two copies of the shim would
   * each take it from the other. Called by {@link Shim}'s static initializer only.
   */
  static void load() {
    String ours = String.valueOf(NativeLibrary.class.getClassLoader());
    Object owner = System.getProperties().putIfAbsent(OWNER, ours);
    if (owner != null) {
      throw failure(
          "bdb-standby was loaded in this JVM before, by another class loader ("
              + owner
              + "; this one is "
              + ours
              + "): put it where both share it, such as the server's own libraries",
          List.of());
    }
    boolean good = false;
    try {
      loadFirst();
      good = true;
    } finally {
      if (!good) {
        System.getProperties().remove(OWNER);
      }
    }
  }

  private static void loadFirst() {
    String override = System.getProperty(OVERRIDE);
    if (override != null) {
      loadFile(new File(override), List.of());
      return;
    }
    List<Throwable> failed = new ArrayList<>();
    File file = null;
    try {
      // The class path's copy, or the jar's, which JNA extracts; the folder is
      // Platform.RESOURCE_PREFIX.
      file = Native.extractFromResourcePath(NAME, NativeLibrary.class.getClassLoader());
    } catch (IOException | UnsatisfiedLinkError e) {
      failed.add(e);
    }
    if (file == null) {
      throw failure("the native library " + NAME + " is not in the class path", failed);
    }
    loadFile(file, failed);
  }

  private static void loadFile(File file, List<Throwable> failed) {
    try {
      System.load(file.getAbsolutePath());
    } catch (UnsatisfiedLinkError e) {
      List<Throwable> all = new ArrayList<>(failed);
      all.add(e);
      String text = String.valueOf(e.getMessage());
      throw failure(
          text.contains("libdb-5.3.so") && text.contains("cannot open shared object file")
              ? "libdb 5.3 is not installed: apt-get install libdb5.3"
              : "the native library " + file + " cannot be loaded: " + text,
          all);
    }
  }

  private static UnsatisfiedLinkError failure(String message, List<Throwable> failed) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
    failed.forEach(error::addSuppressed);
    return error;
  }
}
