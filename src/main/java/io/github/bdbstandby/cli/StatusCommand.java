package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.standby.StandbyStatus;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Says what a standby is, where it is recovered and shipped to, how far it is behind in bytes"
            + " and in seconds (the age of the oldest commit it has not applied; libdb notes commits in"
            + " whole seconds, and an encrypted log does not show them), what the last cycle that"
            + " failed failed of, how the last drill went, what log waits for the archive, and"
            + " which standbys are kept below it that a snapshot"
            + " replaced though the source did not continue them. Changes nothing and joins nothing.")
final class StatusCommand implements Callable<Integer> {
  @Mixin private StandbyOption standby;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    return reporting.run(standby.standby()::status, this::report);
  }

  private void report(StandbyStatus status) {
    if (reporting.isJson()) {
      reporting.print(json(status));
      return;
    }
    reporting.say("standby       " + FileNames.shown(status.standby()));
    reporting.say("state         " + status.state());
    reporting.say("source        " + FileNames.shown(status.source()));
    reporting.say("procedure     " + status.procedure());
    status
        .archive()
        .ifPresent(archive -> reporting.say("archive       " + FileNames.shown(archive)));
    reporting.say("layout        " + status.layout());
    reporting.say("copy method   " + status.copyMethod());
    reporting.say("epoch         " + status.epoch());
    reporting.say("recovered to  " + status.recoveredTo());
    status.sourceEnd().ifPresent(end -> reporting.say("source's log  " + end));
    reporting.say("shipped to    " + status.shippedTo());
    status
        .behindBytes()
        .ifPresent(
            bytes -> reporting.say("behind        " + bytes + " bytes" + seconds(status, ", ")));
    status.unshippedBytes().ifPresent(bytes -> reporting.say("not shipped   " + bytes + " bytes"));
    if (status.behindBytes().isEmpty() && status.behindSeconds().isPresent()) {
      reporting.say("behind        " + seconds(status, "") + ", by what was shipped");
    }
    reporting.say("snapshot      " + status.snapshotAt());
    reporting.say("last cycle    " + status.syncedAt());
    status.lastError().ifPresent(error -> reporting.say("last error    " + text(error)));
    status.lastDrill().ifPresent(drill -> reporting.say("last drill    " + text(drill)));
    status
        .replaced()
        .forEach(
            kept ->
                reporting.say(
                    "kept          "
                        + FileNames.shown(kept)
                        + ": a standby that the source did not continue"));
    status
        .unarchived()
        .ifPresent(
            log ->
                reporting.say(
                    "unarchived    "
                        + log.files()
                        + " log files, "
                        + log.bytes()
                        + " bytes, which no archive has: "
                        + FileNames.shown(log.directory())));
    if (status.switching()) {
      reporting.say("switching     a snapshot was cut off while it took its place: run 'sync'");
    }
    if (status.running()) {
      reporting.say("running       a run is working on it now");
    }
    status.problem().ifPresent(problem -> reporting.say("problem       " + problem));
  }

  /** Whole seconds, as commits are noted. */
  private static String seconds(StandbyStatus status, String before) {
    return status.behindSeconds().map(seconds -> before + seconds + " s").orElse("");
  }

  private static String text(StandbyStatus.Failure error) {
    return error.at()
        + " "
        + error.reason()
        + ": "
        + error.message()
        + (error.overcome() ? " (a good cycle came after it)" : " (no good cycle since)");
  }

  static String text(StandbyStatus.Drill drill) {
    return String.format(
        Locale.ROOT,
        "%s %s: %d databases, %d records, recovered to %s, in %.3f s",
        drill.at(),
        drill.outcome(),
        drill.databases(),
        drill.records(),
        drill.recoveredTo(),
        drill.seconds());
  }

  private static ObjectNode json(StandbyStatus status) {
    ObjectNode json =
        Reporting.object("status", "ok")
            .put("standby", FileNames.shown(status.standby()))
            .put("state", status.state())
            .put("home", FileNames.shown(status.source()))
            .put("procedure", status.procedure())
            .put("layout", status.layout())
            .put("copyMethod", status.copyMethod())
            .put("epoch", status.epoch());
    status.archive().ifPresent(archive -> json.put("archive", FileNames.shown(archive)));
    json.set("recoveredTo", CycleOutput.json(json, status.recoveredTo()));
    json.set("shippedTo", CycleOutput.json(json, status.shippedTo()));
    status.sourceEnd().ifPresent(end -> json.set("sourceEnd", CycleOutput.json(json, end)));
    status.behindBytes().ifPresent(bytes -> json.put("behindBytes", bytes));
    status.unshippedBytes().ifPresent(bytes -> json.put("unshippedBytes", bytes));
    status.behindSeconds().ifPresent(seconds -> json.put("behindSeconds", seconds));
    json.put("snapshotAt", status.snapshotAt())
        .put("syncedAt", status.syncedAt())
        .put("switching", status.switching())
        .put("running", status.running());
    status.problem().ifPresent(problem -> json.put("problem", problem));
    status
        .lastError()
        .ifPresent(
            error ->
                json.putObject("lastError")
                    .put("reason", error.reason())
                    .put("message", error.message())
                    .put("at", error.at())
                    .put("goodCycleSince", error.overcome()));
    status.lastDrill().ifPresent(drill -> json.set("lastDrill", json(json, drill)));
    if (!status.replaced().isEmpty()) {
      ArrayNode replaced = json.putArray("replaced");
      status.replaced().forEach(kept -> replaced.add(FileNames.shown(kept)));
    }
    status
        .unarchived()
        .ifPresent(
            log ->
                json.putObject("unarchived")
                    .put("directory", FileNames.shown(log.directory()))
                    .put("files", log.files())
                    .put("bytes", log.bytes()));
    return json;
  }

  static ObjectNode json(ObjectNode factory, StandbyStatus.Drill drill) {
    ObjectNode json =
        factory
            .objectNode()
            .put("at", drill.at())
            .put("outcome", drill.outcome())
            .put("databases", drill.databases())
            .put("records", drill.records())
            .put("seconds", drill.seconds());
    json.set("recoveredTo", CycleOutput.json(json, drill.recoveredTo()));
    return json;
  }
}
