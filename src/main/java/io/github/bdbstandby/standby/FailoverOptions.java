package io.github.bdbstandby.standby;

import java.util.Objects;
import java.util.Optional;

/**
 * How a standby is turned into a primary.
 *
 * @param password of an encrypted standby
 * @param takeOver whether to stop a run that works on the standby now, a follower above all,
 *     instead of refusing
 * @param fence whether to make the old environment unusable first, if its regions can be reached
 *     ({@code DB_PANIC_ENVIRONMENT}): nobody commits there any more without a recovery
 */
public record FailoverOptions(Optional<byte[]> password, boolean takeOver, boolean fence) {

  /** Refuses what is null. */
  public FailoverOptions {
    Objects.requireNonNull(password, "password");
  }

  /** No password; refuses while a follower runs; leaves the old environment alone. */
  public static FailoverOptions defaults() {
    return new FailoverOptions(Optional.empty(), false, false);
  }
}
