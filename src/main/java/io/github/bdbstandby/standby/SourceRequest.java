package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which environment to read, and how.
 *
 * @param home its home, as the user wrote it, absolute
 * @param options directories that the application sets in code, and the password
 */
public record SourceRequest(Path home, EnvironmentOptions options) {
  public SourceRequest {
    if (!home.isAbsolute()) {
      throw new IllegalArgumentException("the home must be absolute: " + home);
    }
  }

  /** An environment that needs no options. */
  public static SourceRequest of(Path home) {
    return new SourceRequest(home.toAbsolutePath(), EnvironmentOptions.defaults());
  }

  Optional<byte[]> password() {
    return options.password();
  }
}
