package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Names of databases whose keys or duplicates are in an order of their application's own, or hashed
 * by a function of its own: libdb's verify can't judge that, and is told to leave it out. A name is
 * as the application opens it, relative to the home or a data directory; {@value #ALL} is all.
 */
final class OwnOrder {
  static final String ALL = "*";

  private OwnOrder() {}

  /**
   * The names, sorted, each in one spelling.
   *
   * @throws IllegalArgumentException if one can't be of a database in the home
   */
  static Set<String> of(Collection<String> names) {
    Objects.requireNonNull(names, "names");
    TreeSet<String> all = new TreeSet<>();
    for (String name : names) {
      Objects.requireNonNull(name, "name");
      if (name.isBlank() || normal(name).isEmpty() || ManifestGuard.leadsOut(name)) {
        throw new IllegalArgumentException(
            "'"
                + FileNames.escaped(name)
                + "' is no database's name, relative to the home or its data directory");
      }
      all.add(normal(name));
    }
    return Collections.unmodifiableSet(all);
  }

  static Set<String> of(String... names) {
    Objects.requireNonNull(names, "names");
    return of(Arrays.asList(names));
  }

  /** Those of both. */
  static Set<String> union(Collection<String> some, Collection<String> more) {
    TreeSet<String> all = new TreeSet<>(some);
    all.addAll(more);
    return Collections.unmodifiableSet(all);
  }

  /** Whether a database is among them. */
  static boolean covers(Collection<String> names, Path database) {
    return names.contains(ALL) || names.contains(FileNames.toName(database.normalize()));
  }

  private static String normal(String name) {
    return FileNames.toName(FileNames.toPath(name).normalize());
  }
}
