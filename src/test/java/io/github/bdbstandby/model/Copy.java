package io.github.bdbstandby.model;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the model knows of the standby.
 *
 * @param possible what named databases it may hold, with their numbers of records: exactly one
 *     after a command that said 0, any since then after one that was cut off
 * @param doubts why a sync may say that it can't bring it forward
 */
record Copy(State state, Set<Map<String, Integer>> possible, Set<Doubt> doubts) {

  enum State {
    /** There is nothing. */
    NOTHING,
    /** The home that was failed over from. */
    FORMER,
    /** The same, once a standby itself, whose marks say that it was promoted. */
    FORMER_PROMOTED,
    /** No snapshot was ever whole, but one was begun. */
    BEGUN,
    /** The same, where there was one that was promoted. */
    BEGUN_AGAIN,
    WHOLE
  }

  enum Doubt {
    /** The source's regions were made anew since: our hold on bulk loading is gone. */
    BULK_LOAD,
    /** Log files were removed at the source since. */
    LOG_GAP,
    /** The application makes and renames databases all the time, or did since. */
    MANY_RENAMED
  }

  Copy {
    possible = Set.copyOf(possible);
    doubts = Set.copyOf(doubts);
  }

  static Copy in(State state) {
    return new Copy(state, Set.of(), Set.of());
  }

  /** After a command that has brought it all. */
  static Copy of(Map<String, Integer> databases, Set<Doubt> doubts) {
    return new Copy(State.WHOLE, Set.of(databases), doubts);
  }

  boolean isWhole() {
    return state == State.WHOLE;
  }

  Copy with(Doubt doubt) {
    Set<Doubt> more = EnumSet.of(doubt);
    more.addAll(doubts);
    return new Copy(state, possible, more);
  }

  /** After a command that was cut off, which may have brought any of these. */
  Copy cutOff(State left, List<Map<String, Integer>> since) {
    Set<Map<String, Integer>> more = new LinkedHashSet<>(possible);
    more.addAll(since);
    return new Copy(left, more, doubts);
  }
}
