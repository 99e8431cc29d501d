package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.DatabaseCensus;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.VerificationReport;
import io.github.bdbstandby.standby.VerifyOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Checks a standby without changing it: the manifest's checksums of what is at rest, and"
            + " libdb's verify on every database of a scratch copy. With --drill, shows that the"
            + " standby can be used. Ends with 5 if it finds damage. Refused while another run works"
            + " on the standby; a follow verifies by itself with --drill-interval.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private StandbyOption standby;

  @Mixin private PasswordOption password;

  @Mixin private OwnOrderOption ownOrder = new OwnOrderOption();

  @Option(
      names = "--drill",
      description =
          "Also open the recovered scratch copy for writing, take a checkpoint in it, and count the"
              + " records of each database; status tells the result of the last drill.")
  private boolean drill;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    VerifyOptions options = new VerifyOptions(password.read(), ownOrder.names());
    AtomicBoolean damaged = new AtomicBoolean();
    try (Progress progress = Progress.onTerminal(reporting)) {
      int code =
          reporting.run(
              () ->
                  drill
                      ? standby.standby().drill(options, progress)
                      : standby.standby().verify(options, progress),
              report -> {
                progress.close();
                damaged.set(!report.isGood());
                report(report);
              });
      return damaged.get() ? ExitCode.DAMAGED : code;
    }
  }

  private void report(VerificationReport report) {
    report
        .drill()
        .ifPresent(
            each -> each.notes().forEach(note -> reporting.err().println("bdb-standby: " + note)));
    report.notes().forEach(note -> reporting.err().println("bdb-standby: " + note));
    report.damage().forEach(line -> reporting.err().println("bdb-standby: damaged: " + line));
    if (reporting.isJson()) {
      ObjectNode json =
          Reporting.object("verify", report.isGood() ? "ok" : "damaged")
              .put("standby", FileNames.shown(report.standby()))
              .put("files", report.files())
              .put("databases", report.databases())
              .put("bytes", report.bytes());
      if (!report.isGood()) {
        json.put("reason", "damaged").put("message", report.damage().get(0));
      }
      ArrayNode damage = json.putArray("damage");
      report.damage().forEach(damage::add);
      ArrayNode notes = json.putArray("notes");
      report.notes().forEach(notes::add);
      report.drill().ifPresent(each -> json.set("drill", json(json, each)));
      reporting.print(json.put("seconds", CycleOutput.seconds(report.duration())));
    } else {
      reporting.say(
          String.format(
              Locale.ROOT,
              "%s: %d files and %d databases checked, %d damaged, in %.3f s",
              FileNames.shown(report.standby()),
              report.files(),
              report.databases(),
              report.damage().size(),
              CycleOutput.seconds(report.duration())));
      report.drill().ifPresent(this::report);
    }
  }

  private void report(VerificationReport.Drill report) {
    reporting.say("drill: " + StatusCommand.text(report.result()));
    report
        .counts()
        .forEach(
            each ->
                reporting.say(
                    String.format(
                        Locale.ROOT,
                        "  %-40s %12d records",
                        FileNames.escaped(
                            each.file() + each.name().map(name -> " " + name).orElse("")),
                        each.records())));
  }

  private static ObjectNode json(ObjectNode factory, VerificationReport.Drill drill) {
    ObjectNode json = StatusCommand.json(factory, drill.result());
    ArrayNode counts = json.putArray("counts");
    for (DatabaseCensus.Count each : drill.counts()) {
      ObjectNode count = counts.addObject().put("file", FileNames.escaped(each.file()));
      each.name().ifPresent(name -> count.put("database", FileNames.escaped(name)));
      count.put("records", each.records());
    }
    ArrayNode notes = json.putArray("notes");
    drill.notes().forEach(notes::add);
    return json;
  }
}
