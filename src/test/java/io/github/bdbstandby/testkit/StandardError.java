package io.github.bdbstandby.testkit;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Leads descriptor 2 into a file for a while: what native code prints goes past System.err. */
final class StandardError implements AutoCloseable {
  private static final int DESCRIPTOR = 2;
  private static final int O_WRONLY = 1;

  private final Path file;
  private final int saved;

  StandardError() throws IOException {
    file = Files.createTempFile("standard", ".err");
    saved = Libc.INSTANCE.dup(DESCRIPTOR);
    int descriptor = Libc.INSTANCE.open(file.toString(), O_WRONLY);
    if (saved < 0 || descriptor < 0) {
      throw new IOException("can't redirect standard error");
    }
    Libc.INSTANCE.dup2(descriptor, DESCRIPTOR);
    Libc.INSTANCE.close(descriptor);
  }

  String text() throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    Libc.INSTANCE.dup2(saved, DESCRIPTOR);
    Libc.INSTANCE.close(saved);
    Files.delete(file);
  }

  private interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    int dup(int descriptor);

    int dup2(int from, int to);

    int open(String path, int flags);

    int close(int descriptor);
  }
}
