package io.github.bdbstandby.catalogue;

import java.util.List;

/**
 * What came of one kind.
 *
 * @param cells of a snapshot, of syncs, of a failover and of the way back
 */
record Row(String name, String shows, List<String> cells) {
  static final String WORKS = "works";
  static final List<String> ALL_WORK = List.of(WORKS, WORKS, WORKS, WORKS);
  static final String WORKS_BY_SNAPSHOTS = "works, or `unresolved-database` (4): a new snapshot";
  static final String NOT_REACHED = "–";

  static Row expected(Kind kind) {
    return new Row(kind.name(), kind.shows(), kind.expected());
  }

  String line() {
    return "| `" + name + "` | " + shows + " | " + String.join(" | ", cells) + " |";
  }
}
