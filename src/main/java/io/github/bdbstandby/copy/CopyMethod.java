package io.github.bdbstandby.copy;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** How the pages of a database file are read while an application may be writing them. */
public enum CopyMethod {
  /** {@code FICLONE}: the file system shares the extents, the clone is read at leisure. */
  REFLINK,
  /** {@code O_DIRECT}: the file system's inode lock keeps a read and a write apart. */
  DIRECT,
  /**
   * libdb's own {@code DB_ENV->dbbackup}, which guards a range of pages in the shared region. Only
   * where this process shares its life with the environment: a process that dies inside leaves the
   * guard set, and the next checkpoint never returns.
   */
  COORDINATED,
  /** A buffered read: right only for a file that nobody writes. */
  AT_REST;

  /** The name on the command line and in reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The method of that name on the command line; empty for {@code auto}. */
  public static Optional<CopyMethod> parse(String word) {
    Objects.requireNonNull(word, "word");
    if (word.equals("auto")) {
      return Optional.empty();
    }
    for (CopyMethod method : values()) {
      if (method != AT_REST && method.word().equals(word)) {
        return Optional.of(method);
      }
    }
    throw new IllegalArgumentException(
        "copy method must be auto, reflink, direct or coordinated: " + word);
  }
}
