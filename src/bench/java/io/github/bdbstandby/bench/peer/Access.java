package io.github.bdbstandby.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What opens an environment.
 *
 * @param password of an encrypted one
 * @param passwordFile that has it on its first line
 */
public record Access(Optional<String> password, Optional<Path> passwordFile) {
  /** Nothing is needed. */
  public static final Access OPEN = new Access(Optional.empty(), Optional.empty());

  /** A password in a file. */
  public static Access by(String password, Path file) {
    return new Access(Optional.of(password), Optional.of(file));
  }

  /** As libdb is told. */
  EnvironmentOptions environmentOptions() {
    EnvironmentOptions.Builder builder = EnvironmentOptions.builder();
    password.ifPresent(word -> builder.password(word.getBytes(UTF_8)));
    return builder.build();
  }

  /** As libdb's programs are told. */
  List<String> flags() {
    return password.map(word -> List.of("-P", word)).orElse(List.of());
  }

  /** As ours is told. */
  List<String> options() {
    return passwordFile.map(file -> List.of("--password-file", file.toString())).orElse(List.of());
  }
}
