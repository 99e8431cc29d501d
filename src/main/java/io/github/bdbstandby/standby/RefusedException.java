package io.github.bdbstandby.standby;

/** Refused before anything was changed. */
public final class RefusedException extends StandbyException {
  private static final long serialVersionUID = 1L;

  /** With what to do about it, in one sentence. */
  public RefusedException(Reason reason, String message, String hint) {
    super(reason, message, hint, null);
  }

  /** The same with what it came from. */
  public RefusedException(Reason reason, String message, String hint, Throwable cause) {
    super(reason, message, hint, cause);
  }
}
