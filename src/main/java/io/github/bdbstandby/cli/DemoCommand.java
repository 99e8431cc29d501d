package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "The main job on a real environment made for it: an application keeps it busy, a snapshot is"
            + " taken, the standby is followed, the application is killed, the standby takes over:"
            + " once with what can be read of the source's disk, once with that gone. Every record"
            + " is checked. Ends with 0 only if nothing was lost in the first case.")
final class DemoCommand implements Callable<Integer> {
  private static final String AGAIN =
      "run it again, with -v and with --dir on another disk; until it succeeds trust no standby here";

  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long the application works before it is killed. Default: 10.")
  private int seconds;

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "Where to work; a new directory in it, removed at the end.")
  private Path directory;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    if (seconds < 1) {
      throw new ParameterException(spec.commandLine(), "--seconds must be 1 or more");
    }
    try (Demo demo = new Demo(directory, reporting)) {
      int[] code = {ExitCode.DONE};
      int worst =
          reporting.run(
              () -> {
                try {
                  return demo.run(seconds);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              result -> {
                code[0] = result.isGood() ? ExitCode.DONE : ExitCode.FAILED;
                report(result);
              });
      return Math.max(worst, code[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED;
    }
  }

  private void report(Demo.Result result) {
    Optional<Demo.Fault> fault = result.fault();
    if (reporting.isJson()) {
      ObjectNode json =
          Reporting.object("demo", result.isGood() ? "ok" : "failed")
              .put("cycles", result.cycles())
              .put("commits", result.readable().commits())
              .put("acknowledged", result.acknowledged())
              .put("lost", result.readable().lost())
              .put("accounts", result.readable().accounts());
      fault.ifPresent(
          each ->
              json.put("reason", each.reason()).put("message", each.message()).put("hint", AGAIN));
      json.set("readable", json(result.readable()));
      json.set("gone", json(result.gone()));
      reporting.print(json);
    } else {
      reporting.say(
          fault.isEmpty()
              ? String.format(
                  Locale.ROOT,
                  "Nothing was lost with the source's disk readable, %d ms of commits with it gone;"
                      + " open for writing after %.3f s and %.3f s.",
                  result.gone().lostMillis(),
                  CycleOutput.seconds(result.readable().duration()),
                  CycleOutput.seconds(result.gone().duration()))
              : "FAILED: " + fault.get().message() + ".");
    }
    fault.ifPresent(each -> reporting.err().println("bdb-standby: " + AGAIN));
  }

  private static ObjectNode json(Demo.TakenOver takenOver) {
    return Reporting.object("failover", "ok")
        .put("lost", takenOver.lost())
        .put("lostMillis", takenOver.lostMillis())
        .put("seconds", CycleOutput.seconds(takenOver.duration()));
  }
}
