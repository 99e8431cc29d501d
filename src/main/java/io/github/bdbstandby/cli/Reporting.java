package io.github.bdbstandby.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.StandbyException;
import java.io.PrintWriter;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what happened: as text, or with {@code --json} as one object on standard output. */
final class Reporting {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--json", description = "One JSON object on standard output.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  static ObjectNode object(String command, String outcome) {
    return JSON.createObjectNode().put("command", command).put("outcome", outcome);
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * Does the work of a command and reports it.
   *
   * @return the exit code
   */
  <T> int run(Supplier<T> work, Consumer<T> report) {
    T result;
    try {
      result = work.get();
    } catch (StandbyException e) {
      LoggerFactory.getLogger(Reporting.class).debug("{}", e.reason(), e);
      return fail(e);
    }
    report.accept(result);
    return ExitCode.DONE;
  }

  int fail(StandbyException e) {
    String outcome = ExitCode.outcome(e);
    err().println("bdb-standby: " + outcome + " (" + e.reason().word() + "): " + e.getMessage());
    err().println("bdb-standby: " + e.hint());
    err().flush();
    if (json) {
      print(
          object(spec.name(), outcome)
              .put("reason", e.reason().word())
              .put("message", e.getMessage())
              .put("hint", e.hint()));
    }
    return ExitCode.of(e);
  }

  /** Whether something that was put out did not get there. */
  boolean isBroken() {
    return isBroken(out());
  }

  /** The same of a writer on standard output, whose own stream keeps its failures to itself. */
  static boolean isBroken(PrintWriter out) {
    return out.checkError() || System.out.checkError();
  }

  void print(ObjectNode object) {
    print(out(), object);
  }

  static void print(PrintWriter out, ObjectNode object) {
    try {
      String text = JSON.writeValueAsString(object);
      // A backslash of ours is one within a string of JSON.
      out.println(FileNames.readable(text, "\\\\x"));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  void say(String line) {
    out().println(line);
    out().flush();
  }
}
