package io.github.bdbstandby.standby;

/** Refused before anything was changed. */
public final class RefusedException extends StandbyException {
  private static final long serialVersionUID = 1L;

  public RefusedException(Reason reason, String message, String hint) {
    super(reason, message, hint, null);
  }

  public RefusedException(Reason reason, String message, String hint, Throwable cause) {
    super(reason, message, hint, cause);
  }
}
