package io.github.bdbstandby.libdb;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How to recover.
 *
 * @param kind which recovery
 * @param environment how to open the directory; a larger cache makes recovery faster
 * @param until recover to this time only ({@code DB_ENV->set_tx_timestamp}, whole seconds); empty
 *     for all that the log has
 * @param slot where each page goes before it goes to its place, see {@link DoubleWrite}; empty for
 *     nowhere. It must lie on a disk; a recovery that ends well removes it
 * @param writes is told what is written to files; empty if nobody asks
 */
public record RecoveryOptions(
    Kind kind,
    EnvironmentOptions environment,
    Optional<Instant> until,
    Optional<Path> slot,
    Optional<PageWrites> writes) {

  /** Refuses null, by a {@link NullPointerException} with the name. */
  public RecoveryOptions {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(until, "until");
    Objects.requireNonNull(slot, "slot");
    Objects.requireNonNull(writes, "writes");
  }

  /** Without a slot: pages are written once, as libdb does it. */
  public RecoveryOptions(Kind kind, EnvironmentOptions environment, Optional<Instant> until) {
    this(kind, environment, until, Optional.empty(), Optional.empty());
  }

  /** The same with a slot. */
  public RecoveryOptions through(Path newSlot) {
    Objects.requireNonNull(newSlot, "newSlot");
    return new RecoveryOptions(kind, environment, until, Optional.of(newSlot), writes);
  }

  /** The same, telling what is written. */
  public RecoveryOptions telling(PageWrites newWrites) {
    Objects.requireNonNull(newWrites, "newWrites");
    return new RecoveryOptions(kind, environment, until, slot, Optional.of(newWrites));
  }

  /** Which recovery ({@code DB_ENV->open}). */
  public enum Kind {
    /** {@code DB_RECOVER_FATAL}: from the first log record that there is. For copies. */
    CATASTROPHIC,
    /**
     * {@code DB_RECOVER}: from the last checkpoint but one. For an environment whose files are its
     * own.
     */
    NORMAL
  }

  /** Catastrophic recovery of all that the log has. */
  public static RecoveryOptions catastrophic(EnvironmentOptions environment) {
    return new RecoveryOptions(Kind.CATASTROPHIC, environment, Optional.empty());
  }

  /** Normal recovery of all that the log has. */
  public static RecoveryOptions normal(EnvironmentOptions environment) {
    return new RecoveryOptions(Kind.NORMAL, environment, Optional.empty());
  }
}
