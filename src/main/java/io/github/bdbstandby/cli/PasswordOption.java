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

  private byte[] password;

  /** Reads the file once, however often it is asked: a pipe has nothing more the second time. */
  Optional<byte[]> read() {
    if (password == null && file != null) {
      password = firstLine();
    }
    return Optional.ofNullable(password);
  }

  private byte[] firstLine() {
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
      byte[] line = Arrays.copyOf(content, end);
      for (byte each : line) {
        if (each == 0) { // it would end the password in libdb
          throw new ParameterException(
              spec.commandLine(),
              FileNames.shown(file) + ": its first line has a NUL and is no password");
        }
      }
      return line;
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--password-file: can't be read: " + e.getMessage(), e);
    }
  }
}
