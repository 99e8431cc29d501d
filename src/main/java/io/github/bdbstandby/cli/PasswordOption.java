package io.github.bdbstandby.cli;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The password of an encrypted environment, from a file: never an argument that others can see. */
final class PasswordOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--password-file",
      paramLabel = "F",
      description = "A file whose first line is the password of an encrypted environment.")
  private Path file;

  Optional<byte[]> read() {
    if (file == null) {
      return Optional.empty();
    }
    try {
      byte[] content = Files.readAllBytes(file);
      int end = 0;
      while (end < content.length && content[end] != '\n' && content[end] != '\r') {
        end++;
      }
      if (end == 0) {
        throw new ParameterException(
            spec.commandLine(), FileNames.shown(file) + ": its first line is empty");
      }
      return Optional.of(Arrays.copyOf(content, end));
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--password-file: can't be read: " + e.getMessage(), e);
    }
  }
}
