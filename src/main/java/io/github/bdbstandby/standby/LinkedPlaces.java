package io.github.bdbstandby.standby;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Where the links in a directory lead to, out of it: each place once, whatever leads there, and
 * none that the directory itself lies in. What is above an environment is no part of it, and may be
 * all that the machine has.
 */
final class LinkedPlaces {
  private final Path directory;
  private final Set<Path> entered = new HashSet<>();

  /**
   * Those of a directory.
   *
   * @param real without links in its own name
   */
  LinkedPlaces(Path real) {
    this.directory = real;
  }

  /**
   * What a link leads to, with no link in its name.
   *
   * @return empty if that has been looked at, or is not to be
   */
  Optional<Path> enter(Path link) {
    Path real;
    try {
      real = link.toRealPath();
    } catch (IOException e) {
      return Optional.empty(); // it leads nowhere
    }
    if (real.startsWith(directory) || directory.startsWith(real) || isWithin(real)) {
      return Optional.empty();
    }
    entered.add(real);
    return Optional.of(real);
  }

  /** Looks up what it lies in: there may be as many places as links. */
  private boolean isWithin(Path real) {
    for (Path each = real; each != null; each = each.getParent()) {
      if (entered.contains(each)) {
        return true;
      }
    }
    return false;
  }
}
