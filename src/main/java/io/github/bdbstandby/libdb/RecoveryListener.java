package io.github.bdbstandby.libdb;

/**
 * Hears how far recovery is ({@code DB_ENV->set_feedback}, {@code DB_RECOVER}). Called by the
 * thread that recovers. Recovery cannot be cancelled: after an exception no more progress is told,
 * and it is rethrown when recovery has ended.
 */
@FunctionalInterface
public interface RecoveryListener {

  /** Hears nothing. */
  RecoveryListener NONE = percent -> {};

  /**
   * Recovery has come so far.
   *
   * @param percent 0 to 100, ascending, over all passes; the last one told may be far below 100
   */
  void progress(int percent);
}
