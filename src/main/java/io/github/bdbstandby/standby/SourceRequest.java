package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which environment to read, and how.
 *
 * @param home its home, as the user wrote it, absolute
 * @param options directories that the application sets in code, and the password
 * @param deadline how long a call into its shared regions may take
 * @param passive whether to read its files only, and never join it
 */
public record SourceRequest(
    Path home, EnvironmentOptions options, Duration deadline, boolean passive) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  public SourceRequest {
    if (!home.isAbsolute()) {
      throw new IllegalArgumentException("the home must be absolute: " + home);
    }
  }

  /** Joined, with the usual deadline: ten seconds. */
  public SourceRequest(Path home, EnvironmentOptions options) {
    this(home, options, DEADLINE, false);
  }

  /** An environment that needs no options. */
  public static SourceRequest of(Path home) {
    return new SourceRequest(home.toAbsolutePath(), EnvironmentOptions.defaults());
  }

  /**
   * The same, without ever joining it: for a source in another container, of another user, or on a
   * read-only file system. What is in no file is not known then: whether insertions of {@code
   * DB_TXN_BULK} transactions are logged, and commits that are not flushed yet.
   */
  public SourceRequest passively() {
    return new SourceRequest(home, options, deadline, true);
  }

  /** The same home, opened otherwise. */
  SourceRequest with(EnvironmentOptions opening) {
    return new SourceRequest(home, opening, deadline, passive);
  }

  Optional<byte[]> password() {
    return options.password();
  }
}
