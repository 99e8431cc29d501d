package io.github.bdbstandby.standby;

/** What JMX shows of a {@link Follower}. */
public interface FollowerMXBean {
  /** The standby's directory. */
  String getStandby();

  /** Whether it goes on. */
  boolean isRunning();

  /** Whether the standby keeps up. */
  boolean isGood();

  /** Why not, in a sentence; empty if it does. */
  String getProblem();

  /** Whether the source is joined; false while it is waited for. */
  boolean isSourceAvailable();

  /** An LSN, {@code FILE/OFFSET}. */
  String getRecoveredTo();

  /** Log bytes of the source that are not applied; -1 if that can't be told. */
  long getBehindBytes();

  /** Age of the oldest commit that is not applied; -1 if that can't be told. */
  long getBehindSeconds();

  /** ISO 8601; empty before the first. */
  String getLastGoodCycle();
}
