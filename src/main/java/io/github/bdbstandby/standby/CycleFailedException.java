package io.github.bdbstandby.standby;

/** Failed on the way; the standby still recovers to where it was. */
public final class CycleFailedException extends StandbyException {
  private static final long serialVersionUID = 1L;

  /** With what to do about it, in one sentence; the cause may be null. */
  public CycleFailedException(Reason reason, String message, String hint, Throwable cause) {
    super(reason, message, hint, cause);
  }
}
