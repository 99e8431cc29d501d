package io.github.bdbstandby.standby;

import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** How a standby is kept: as is said now, else as it has been kept so far, else as is usual. */
record Keeping(Procedure procedure, Optional<Path> archive, Layout layout, Set<String> ownOrder) {

  /**
   * For the next snapshot.
   *
   * @param old what the standby is so far
   */
  static Keeping of(SnapshotOptions said, Optional<Manifest> old) {
    return new Keeping(
        said.procedure()
            .or(() -> old.map(Manifest::procedure).map(Procedure::parse))
            .orElse(Procedure.SHORT),
        said.procedure().isPresent() ? said.archive() : old.flatMap(Manifest::archivePath),
        said.layout().or(() -> old.map(Manifest::layout).map(Layout::parse)).orElse(Layout.MIRROR),
        old.map(known -> OwnOrder.union(known.ownOrder(), said.ownOrder()))
            .orElse(said.ownOrder()));
  }
}
