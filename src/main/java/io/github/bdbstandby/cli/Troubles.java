package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What keeps a command from its own report: it is told in the same form, whatever it is.
 *
 * @param json whether that is an object on standard output too
 */
record Troubles(boolean json) {
  /** Looks for {@code --json} by itself: what can't be understood may come before it. */
  static Troubles in(String... args) {
    return new Troubles(List.of(args).contains("--json"));
  }

  int usage(ParameterException e) {
    CommandLine at = e.getCommandLine();
    PrintWriter err = at.getErr();
    err.println(at.getColorScheme().errorText("bdb-standby: " + e.getMessage()));
    UnmatchedArgumentException.printSuggestions(e, err);
    String hint = "see '" + at.getCommandSpec().qualifiedName() + " --help'";
    err.println("bdb-standby: " + hint);
    return usage(at.getOut(), at.getCommandName(), e.getMessage(), hint);
  }

  int usage(PrintWriter out, String command, String message, String hint) {
    if (json) {
      Reporting.print(
          out,
          Reporting.object(command, "failed")
              .put("reason", "usage")
              .put("message", message)
              .put("hint", hint));
    }
    return ExitCode.USAGE;
  }

  /** Of what is none of our own exceptions. The stack is for {@code -v}. */
  int unforeseen(CommandLine at, Throwable e) {
    LoggerFactory.getLogger(Troubles.class).debug("not foreseen", e);
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    boolean isFile = cause instanceof IOException;
    String reason = isFile ? "io-error" : "internal-error";
    String message = text(cause);
    String hint =
        isFile ? "see the message, then run it again" : "run it with -v, which tells where it is";
    at.getErr().println("bdb-standby: failed (" + reason + "): " + message);
    at.getErr().println("bdb-standby: " + hint);
    if (json) {
      ObjectNode object = Reporting.object(at.getCommandName(), "failed").put("reason", reason);
      Reporting.print(at.getOut(), object.put("message", message).put("hint", hint));
    }
    return ExitCode.FAILED;
  }

  /** Java's messages of these are the file's name alone. */
  private static String text(Throwable e) {
    String said = Optional.ofNullable(e.getMessage()).orElse("");
    if (e instanceof NoSuchFileException) {
      return FileNames.readable(said) + ": no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return FileNames.readable(said) + ": permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return FileNames.readable(said) + ": not a directory";
    }
    boolean isPlain = e instanceof IOException && !said.isEmpty();
    return isPlain ? FileNames.readable(said) : e.toString();
  }

  /** A command that is done is not, for whoever reads what it says, if that did not get there. */
  int heard(CommandLine command, int code) {
    if (code != ExitCode.DONE || !Reporting.isBroken(command.getOut())) {
      return code;
    }
    command
        .getErr()
        .println(
            "bdb-standby: failed (io-error): standard output can't be written; what was done is done,"
                + " what was to be told of it is lost");
    return ExitCode.FAILED;
  }
}
