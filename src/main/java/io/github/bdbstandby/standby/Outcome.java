package io.github.bdbstandby.standby;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * What came of a call, for who would rather look than catch.
 *
 * <pre>{@code
 * Outcome<CycleReport> outcome = Outcome.of(() -> standby.sync(StandbyListener.NONE));
 * if (outcome instanceof Outcome.SnapshotNeeded<CycleReport> needed) {
 *   log.warn("{}: {}", needed.why().reason().word(), needed.why().hint());
 * }
 * }</pre>
 *
 * @param <T> what the call gives when all is well
 */
public sealed interface Outcome<T> {
  /**
   * All is well.
   *
   * @param <T> what the call gives
   * @param value what it gave
   */
  record Done<T>(T value) implements Outcome<T> {}

  /**
   * Nothing was changed.
   *
   * @param <T> what the call gives when all is well
   * @param why with a reason and a hint
   */
  record Refused<T>(RefusedException why) implements Outcome<T> {}

  /**
   * The standby can't be brought forward; it was not touched.
   *
   * @param <T> what the call gives when all is well
   * @param why with a reason and a hint
   */
  record SnapshotNeeded<T>(SnapshotNeededException why) implements Outcome<T> {}

  /**
   * It failed; the standby still recovers to where it was.
   *
   * @param <T> what the call gives when all is well
   * @param why with a reason and a hint
   */
  record Failed<T>(CycleFailedException why) implements Outcome<T> {}

  /** Makes a call, on this thread; other exceptions than a {@link StandbyException} go through. */
  static <T> Outcome<T> of(Supplier<T> call) {
    Objects.requireNonNull(call, "call");
    try {
      return new Done<>(call.get());
    } catch (RefusedException e) {
      return new Refused<>(e);
    } catch (SnapshotNeededException e) {
      return new SnapshotNeeded<>(e);
    } catch (CycleFailedException e) {
      return new Failed<>(e);
    }
  }
}
