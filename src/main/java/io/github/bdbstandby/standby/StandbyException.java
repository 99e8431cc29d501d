package io.github.bdbstandby.standby;

/**
 * Something was not done. The subclasses say what that means for the standby.
 *
 * @see RefusedException
 * @see SnapshotNeededException
 * @see CycleFailedException
 */
public abstract sealed class StandbyException extends RuntimeException
    permits RefusedException, SnapshotNeededException, CycleFailedException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;
  private final String hint;

  StandbyException(Reason reason, String message, String hint, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.hint = hint;
  }

  /** Why, in one word for scripts. */
  public Reason reason() {
    return reason;
  }

  /** What to do about it, in one sentence. */
  public String hint() {
    return hint;
  }
}
