package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.GlobalTransactionId;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.StepPlan;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.Loss;
import io.github.bdbstandby.standby.Promotion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;

/** A cycle's report and a cycle's plan, as text and as JSON. */
final class CycleOutput {
  private CycleOutput() {}

  private static void printNotes(Reporting reporting, CycleReport report) {
    report.notes().forEach(note -> reporting.err().println("bdb-standby: " + note));
  }

  static void report(Reporting reporting, CycleReport report) {
    printNotes(reporting, report);
    if (reporting.isJson()) {
      reporting.print(json(report));
      return;
    }
    for (StepReport step : report.steps()) {
      reporting.say(
          String.format(
              Locale.ROOT,
              "  %-22s %6d files  %10s  %8.3f s",
              step.step().word(),
              step.files(),
              size(step.bytes()),
              seconds(step.duration())));
    }
    reporting.say(
        String.format(
            Locale.ROOT,
            "%s: %s of %s, recovered to %s, in %.3f s",
            FileNames.shown(report.standby()),
            report.command(),
            FileNames.shown(report.home()),
            report.recoveredTo(),
            seconds(report.duration())));
  }

  static void report(Reporting reporting, Promotion promotion) {
    if (reporting.isJson()) {
      printNotes(reporting, promotion.cycle());
      ObjectNode json = json(promotion.cycle()).put("fenced", promotion.fenced());
      ArrayNode prepared = json.putArray("prepared");
      promotion.prepared().forEach(gid -> prepared.addObject().put("gid", gid.hex()));
      if (!promotion.losses().isEmpty()) {
        ArrayNode losses = json.putArray("losses");
        promotion.losses().forEach(loss -> losses.add(json(json, loss)));
      }
      reporting.print(json);
      return;
    }
    report(reporting, promotion.cycle());
    if (promotion.fenced()) {
      reporting.say("The old environment is fenced: it needs recovery before anybody can use it.");
    }
    for (GlobalTransactionId gid : promotion.prepared()) {
      reporting.say(
          "Prepared and not resolved: " + gid + "; commit or abort it (DB_ENV->txn_recover).");
    }
  }

  static ObjectNode json(CycleReport report) {
    ObjectNode json =
        Reporting.object(report.command(), "ok")
            .put("home", FileNames.shown(report.home()))
            .put("standby", FileNames.shown(report.standby()))
            .put("procedure", report.procedure())
            .put("copyMethod", report.copyMethod());
    ArrayNode steps = json.putArray("steps");
    for (StepReport step : report.steps()) {
      steps
          .addObject()
          .put("step", step.step().word())
          .put("files", step.files())
          .put("bytes", step.bytes())
          .put("seconds", seconds(step.duration()));
    }
    ObjectNode logs =
        json.putObject("logs")
            .put("retained", report.logs().retained())
            .put("needed", report.logs().needed());
    report.logs().first().ifPresent(first -> logs.put("first", first));
    report.logs().last().ifPresent(last -> logs.put("last", last));
    json.set("recoveredTo", json(json, report.recoveredTo()));
    json.put("epoch", report.epoch()).put("seconds", seconds(report.duration()));
    if (!report.notes().isEmpty()) {
      ArrayNode notes = json.putArray("notes");
      report.notes().forEach(notes::add);
    }
    return json;
  }

  private static ObjectNode json(ObjectNode factory, Loss loss) {
    ObjectNode json =
        factory.objectNode().put("reason", loss.reason().word()).put("message", loss.message());
    json.set("from", json(json, loss.from()));
    loss.to().ifPresent(to -> json.set("to", json(json, to)));
    json.put("logFiles", loss.logFiles()).put("bytes", loss.bytes());
    loss.since().ifPresent(since -> json.put("since", since.toString()));
    return json;
  }

  static ObjectNode json(ObjectNode factory, Lsn lsn) {
    return factory.objectNode().put("file", lsn.file()).put("offset", lsn.offset());
  }

  static void plan(Reporting reporting, String command, List<StepPlan> plans) {
    if (!reporting.isJson()) {
      for (StepPlan plan : plans) {
        reporting.say(
            String.format(
                Locale.ROOT,
                "%s: %s: %d files, %s",
                plan.step().word(),
                plan.action(),
                plan.files().size(),
                size(plan.bytes())));
        plan.files()
            .forEach(
                file -> reporting.say("  " + FileNames.shown(file.path()) + "  " + file.bytes()));
      }
      return;
    }
    ObjectNode json = Reporting.object(command, "ok").put("dryRun", true);
    ArrayNode steps = json.putArray("steps");
    for (StepPlan plan : plans) {
      ObjectNode step =
          steps
              .addObject()
              .put("step", plan.step().word())
              .put("action", plan.action())
              .put("files", plan.files().size())
              .put("bytes", plan.bytes());
      ArrayNode files = step.putArray("paths");
      plan.files()
          .forEach(
              file ->
                  files
                      .addObject()
                      .put("path", FileNames.shown(file.path()))
                      .put("bytes", file.bytes()));
    }
    reporting.print(json);
  }

  static String size(long bytes) {
    return FileUtils.byteCountToDisplaySize(bytes);
  }

  static double seconds(Duration duration) {
    return Math.round(duration.toNanos() / 1e6) / 1e3;
  }
}
