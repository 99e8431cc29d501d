package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Which environment to read, and how.
 *
 * @param home its home, as the user wrote it, absolute
 * @param options directories that the application sets in code, and the password
 * @param deadline how long a call into its shared regions may neither answer, nor read or write
 *     anything
 * @param passive whether to read its files only, and never join it
 * @param attached the application's own handle, instead of joining it
 */
public record SourceRequest(
    Path home,
    EnvironmentOptions options,
    Duration deadline,
    boolean passive,
    Optional<DbEnvironment> attached) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /**
   * Refuses a relative home, or an attached one to be read only, by an {@link
   * IllegalArgumentException}.
   */
  public SourceRequest {
    Objects.requireNonNull(home, "home");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(deadline, "deadline");
    Objects.requireNonNull(attached, "attached");
    if (!home.isAbsolute()) {
      throw new IllegalArgumentException("the home must be absolute: " + FileNames.shown(home));
    }
    if (passive && attached.isPresent()) {
      throw new IllegalArgumentException("attached, and not to be asked: " + FileNames.shown(home));
    }
  }

  /** Not attached. */
  public SourceRequest(Path home, EnvironmentOptions options, Duration deadline, boolean passive) {
    this(home, options, deadline, passive, Optional.empty());
  }

  /** Joined, with the usual deadline: ten seconds. */
  public SourceRequest(Path home, EnvironmentOptions options) {
    this(home, options, DEADLINE, false);
  }

  /** An environment that needs no options. */
  public static SourceRequest of(Path home) {
    Objects.requireNonNull(home, "home");
    return new SourceRequest(home.toAbsolutePath(), EnvironmentOptions.defaults());
  }

  /**
   * An environment that this process has open: its home and its directories are the handle's own.
   * The environment may be private. No deadline holds, since there is no other process whose death
   * could leave a lock that the application itself does not wait for.
   *
   * <p>Commits that the application has not flushed are flushed when the log is read: who reads
   * lives and dies with who writes. The attachment stays the caller's to close; the same one serves
   * any number of standbys at a time.
   *
   * @param environment from {@link DbEnvironment#attach(Object)} or {@link
   *     DbEnvironment#attach(long)}
   * @throws io.github.bdbstandby.libdb.ClosedEnvironmentException if it is closed
   * @throws IllegalArgumentException if it is a handle of our own
   */
  public static SourceRequest attached(DbEnvironment environment) {
    Objects.requireNonNull(environment, "environment");
    if (environment.attachment().isEmpty()) {
      throw new IllegalArgumentException(environment + ": joined or opened, and not attached");
    }
    EnvironmentOptions options =
        EnvironmentOptions.builder()
            .dataDirectories(environment.dataDirectories())
            .logDirectory(environment.logDirectory().orElse(null))
            .build();
    return new SourceRequest(
        environment.home(), options, DEADLINE, false, Optional.of(environment));
  }

  /**
   * The same, without ever joining it: for a source in another container, of another user, or on a
   * read-only file system. What is in no file is not known then: whether insertions of {@code
   * DB_TXN_BULK} transactions are logged, and commits that are not flushed yet.
   */
  public SourceRequest passively() {
    return new SourceRequest(home, options, deadline, true);
  }

  /**
   * The same with a password. An attached environment that is encrypted needs it too: its own
   * handle does not tell it, and the standby can't be recovered without.
   */
  public SourceRequest withPassword(byte[] password) {
    Objects.requireNonNull(password, "password");
    return with(options.toBuilder().password(password).build());
  }

  /** The same home, opened otherwise. */
  SourceRequest with(EnvironmentOptions opening) {
    return new SourceRequest(home, opening, deadline, passive, attached);
  }

  /** For the standby, whose directories are all in its DB_CONFIG. */
  EnvironmentOptions targetOptions() {
    return options.passwordOnly();
  }

  Optional<byte[]> password() {
    return options.password();
  }
}
