package io.github.bdbstandby.standby;

/**
 * The standby can't be brought forward; it was not touched and still recovers to where it was. A
 * new snapshot is needed.
 */
public final class SnapshotNeededException extends StandbyException {
  private static final long serialVersionUID = 1L;
  static final String HINT = "take a new snapshot; the standby stays good until that is whole";

  private final boolean passing;

  /** Of nobody else's making, with the usual hint. */
  public SnapshotNeededException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * The same with another hint than the usual one, and with what it came from, which may be null.
   */
  SnapshotNeededException(Reason reason, String message, String hint, Throwable cause) {
    super(reason, message, hint, cause);
    this.passing = false;
  }

  /** The same with what it came from. */
  public SnapshotNeededException(Reason reason, String message, Throwable cause) {
    this(reason, message, HINT, cause);
  }

  private SnapshotNeededException(IncomingLogs.Break broken) {
    super(broken.reason(), broken.message(), HINT, null);
    this.passing = broken.isBehind();
  }

  /** Of a source that does not continue its standby. */
  static SnapshotNeededException of(IncomingLogs.Break broken) {
    return new SnapshotNeededException(broken);
  }

  /**
   * Whether the source has less than was shipped: a snapshot of it would throw the rest away, and
   * for nothing if it never comes up again.
   */
  boolean isSourceBehind() {
    return passing;
  }
}
