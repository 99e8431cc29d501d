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
 * @param acceptLoss whether to go on if a source that can be read has what the standby has not, and
 *     what can't be salvaged, instead of a {@link SnapshotNeededException}: {@link
 *     Promotion#losses}
 */
public record FailoverOptions(
    Optional<byte[]> password, boolean takeOver, boolean fence, boolean acceptLoss) {

  /** Refuses what is null. */
  public FailoverOptions {
    Objects.requireNonNull(password, "password");
  }

  /**
   * No password; refuses while a follower runs, and where something would be lost that can still be
   * had; leaves the old environment alone.
   */
  public static FailoverOptions defaults() {
    return builder().build();
  }

  /** With the defaults, until told otherwise. */
  public static Builder builder() {
    return new Builder();
  }

  /** Gathers options; for one thread. */
  public static final class Builder {
    private Optional<byte[]> password = Optional.empty();
    private boolean takeOver;
    private boolean fence;
    private boolean acceptLoss;

    private Builder() {}

    /** Of an encrypted standby. */
    public Builder password(byte[] secret) {
      Objects.requireNonNull(secret, "secret");
      password = Optional.of(secret.clone());
      return this;
    }

    /** Whether to stop a run that works on the standby now. */
    public Builder takeOver(boolean stop) {
      takeOver = stop;
      return this;
    }

    /** Whether to make the old environment unusable first. */
    public Builder fence(boolean raise) {
      fence = raise;
      return this;
    }

    /** Whether to give up what the source has and can't be salvaged. */
    public Builder acceptLoss(boolean accept) {
      acceptLoss = accept;
      return this;
    }

    /** The options. */
    public FailoverOptions build() {
      return new FailoverOptions(password, takeOver, fence, acceptLoss);
    }
  }
}
