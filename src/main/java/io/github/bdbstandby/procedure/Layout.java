package io.github.bdbstandby.procedure;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

/** Where the standby keeps what the source keeps in its data and log directories. */
public enum Layout {
  /** At the same places. */
  MIRROR,
  /** All in the home; subdirectories below a data directory stay, since they are part of names. */
  FLAT;

  /** The name on the command line and in the manifest: {@code mirror} or {@code flat}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The layout of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Layout parse(String word) {
    Objects.requireNonNull(word, "word");
    for (Layout layout : values()) {
      if (layout.word().equals(word)) {
        return layout;
      }
    }
    throw new IllegalArgumentException("layout must be mirror or flat: " + word);
  }

  /**
   * Whether the standby has a directory of the source's: recovery makes and renames files in a data
   * directory if there is one of its name, and otherwise in the home.
   *
   * @param relative its path from the source's home
   * @param dataDirectories the source's, relative to its home
   */
  public boolean has(Path relative, Collection<Path> dataDirectories) {
    Objects.requireNonNull(relative, "relative");
    Objects.requireNonNull(dataDirectories, "dataDirectories");
    return this == MIRROR
        || dataDirectories.stream().map(Path::normalize).noneMatch(relative::equals);
  }

  /**
   * A file's path from the standby's home.
   *
   * @param relative its path from the source's home
   * @param dataDirectories the source's, relative to its home
   */
  public Path place(Path relative, Collection<Path> dataDirectories) {
    Objects.requireNonNull(relative, "relative");
    Objects.requireNonNull(dataDirectories, "dataDirectories");
    if (this == MIRROR) {
      return relative;
    }
    Path longest = null;
    for (Path directory : dataDirectories) {
      Path normal = directory.normalize();
      if (relative.startsWith(normal)
          && !relative.equals(normal)
          && (longest == null || normal.getNameCount() > longest.getNameCount())) {
        longest = normal;
      }
    }
    return longest == null ? relative : longest.relativize(relative);
  }
}
