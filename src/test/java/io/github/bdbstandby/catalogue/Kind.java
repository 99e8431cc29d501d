package io.github.bdbstandby.catalogue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One kind of environment or application: a row of the catalogue. */
public interface Kind {
  /** Its name, one word. */
  String name();

  /** What is special about it, in a phrase. */
  String shows();

  /**
   * What comes of a snapshot, of syncs, of a failover and of the way back: {@link Row#WORKS}, or
   * the reason of the refusal.
   */
  default List<String> expected() {
    return Row.ALL_WORK;
  }

  /** Whether a sync may ask for a new snapshot, which {@code follow} takes by itself. */
  default boolean asksForSnapshots() {
    return false;
  }

  /** Whether its journey takes minutes. */
  default boolean isLong() {
    return false;
  }

  /** Makes one below this directory. */
  Application make(Path directory) throws IOException;
}
