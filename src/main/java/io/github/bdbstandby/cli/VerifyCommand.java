package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.standby.VerificationReport;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Checks a standby without changing it: the manifest's checksums of what is at rest, and"
            + " libdb's verify on every database of a scratch copy. Ends with 5 if it finds damage.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private StandbyOption standby;

  @Mixin private PasswordOption password;
  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    AtomicBoolean damaged = new AtomicBoolean();
    try (Progress progress = Progress.onTerminal(reporting)) {
      int code =
          reporting.run(
              () -> standby.standby().verify(password.read(), progress),
              report -> {
                progress.close();
                damaged.set(!report.isGood());
                report(report);
              });
      return damaged.get() ? ExitCode.DAMAGED : code;
    }
  }

  private void report(VerificationReport report) {
    report.damage().forEach(line -> reporting.err().println("bdb-standby: damaged: " + line));
    if (reporting.isJson()) {
      ObjectNode json =
          Reporting.object("verify", report.isGood() ? "ok" : "damaged")
              .put("standby", report.standby().toString())
              .put("files", report.files())
              .put("databases", report.databases())
              .put("bytes", report.bytes());
      if (!report.isGood()) {
        json.put("reason", "damaged").put("message", report.damage().get(0));
      }
      ArrayNode damage = json.putArray("damage");
      report.damage().forEach(damage::add);
      reporting.print(json.put("seconds", CycleOutput.seconds(report.duration())));
    } else {
      reporting.say(
          String.format(
              Locale.ROOT,
              "%s: %d files and %d databases checked, %d damaged, in %.3f s",
              report.standby(),
              report.files(),
              report.databases(),
              report.damage().size(),
              CycleOutput.seconds(report.duration())));
    }
  }
}
