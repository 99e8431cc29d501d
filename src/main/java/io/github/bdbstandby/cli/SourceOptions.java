package io.github.bdbstandby.cli;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which environment to read, for all commands that read one. */
final class SourceOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "H",
      description =
          "The environment's home directory; default: $DB_HOME, but for a standby the one it was made"
              + " from.")
  private Path home;

  @Option(
      names = "--data-dir",
      paramLabel = "D",
      description =
          "A data directory that the application sets in code and not in DB_CONFIG; relative to the"
              + " home. May be repeated; for a standby these take the place of those that it"
              + " remembers.")
  private List<String> dataDirectories = new ArrayList<>();

  @Option(
      names = "--log-dir",
      paramLabel = "D",
      description = "The log directory, if the application sets it in code.")
  private String logDirectory;

  @Mixin private PasswordOption password = new PasswordOption();

  /** The environment named, or the one in {@code $DB_HOME}. */
  SourceRequest required() {
    String variable = System.getenv("DB_HOME");
    if (home == null && (variable == null || variable.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "Missing required option: '--home=H' (and DB_HOME is not set)");
    }
    return request(home == null ? Path.of(variable) : home);
  }

  /**
   * What is said of a standby's source, if anything: {@code $DB_HOME} does not override what a
   * standby knows.
   */
  Optional<SourceRequest> of(Standby standby) {
    if (home != null) {
      return Optional.of(request(home));
    }
    return dataDirectories.isEmpty() && logDirectory == null
        ? Optional.empty()
        : Optional.of(request(standby.source()));
  }

  Optional<byte[]> password() {
    return password.read();
  }

  private SourceRequest request(Path path) {
    EnvironmentOptions.Builder options =
        EnvironmentOptions.builder().dataDirectories(dataDirectories);
    if (logDirectory != null) {
      options.logDirectory(logDirectory);
    }
    password.read().ifPresent(options::password);
    return new SourceRequest(path.toAbsolutePath(), options.build());
  }
}
