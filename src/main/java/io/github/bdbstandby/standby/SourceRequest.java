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
 */
public record SourceRequest(Path home, EnvironmentOptions options, Duration deadline) {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  public SourceRequest {
    if (!home.isAbsolute()) {
      throw new IllegalArgumentException("the home must be absolute: " + home);
    }
  }

  /** With the usual deadline: ten seconds. */
  public SourceRequest(Path home, EnvironmentOptions options) {
    this(home, options, DEADLINE);
  }

  /** An environment that needs no options. */
  public static SourceRequest of(Path home) {
    return new SourceRequest(home.toAbsolutePath(), EnvironmentOptions.defaults());
  }

  Optional<byte[]> password() {
    return options.password();
  }
}
