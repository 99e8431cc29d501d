package io.github.bdbstandby.procedure;

/** Hears how a run goes; progress may come from several threads. Must not throw. */
public interface RunListener {
  /** Nobody listens. */
  RunListener NONE = new RunListener() {};

  /**
   * A step begins.
   *
   * @param bytes what it expects to go by, 0 if it can't tell
   */
  default void began(StepName step, long bytes) {}

  /** Bytes have gone by since the last call. */
  default void copied(StepName step, long bytes) {}

  /**
   * Recovery has come so far, in percent of its three passes. This comes from within it: no other
   * can be run from here, as by a sync of another standby ({@link IllegalStateException}).
   */
  default void recovered(int percent) {}

  /** A step has ended well. */
  default void ended(StepReport report) {}
}
