package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The room that a file takes, whose size may be that of its holes for the most part. */
public final class SparseSize {
  private SparseSize() {}

  /** Bytes that a copy of it has at the most, which leaves out the holes; 0 if it is gone. */
  public static long of(Path file) throws IOException {
    try {
      long size = Files.size(file);
      try {
        return Math.min(size, Posix.dataBytes(file, SparseOutput.HOLE));
      } catch (AccessDeniedException e) {
        return size;
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
