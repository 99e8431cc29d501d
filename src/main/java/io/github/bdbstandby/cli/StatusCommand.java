package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.standby.StandbyStatus;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Says what a standby is, where it is recovered to, and how far it is behind. Changes nothing"
            + " and joins nothing.")
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
    reporting.say("standby       " + status.standby());
    reporting.say("state         " + status.state());
    reporting.say("source        " + status.source());
    reporting.say("procedure     " + status.procedure());
    status.archive().ifPresent(archive -> reporting.say("archive       " + archive));
    reporting.say("layout        " + status.layout());
    reporting.say("copy method   " + status.copyMethod());
    reporting.say("epoch         " + status.epoch());
    reporting.say("recovered to  " + status.recoveredTo());
    status.sourceEnd().ifPresent(end -> reporting.say("source's log  " + end));
    status.behindBytes().ifPresent(bytes -> reporting.say("behind        " + bytes + " bytes"));
    reporting.say("snapshot      " + status.snapshotAt());
    reporting.say("last cycle    " + status.syncedAt());
    if (status.switching()) {
      reporting.say("switching     a snapshot was cut off while it took its place: run 'sync'");
    }
    if (status.running()) {
      reporting.say("running       a run is working on it now");
    }
    status.problem().ifPresent(problem -> reporting.say("problem       " + problem));
  }

  private static ObjectNode json(StandbyStatus status) {
    ObjectNode json =
        Reporting.object("status", "ok")
            .put("standby", status.standby().toString())
            .put("state", status.state())
            .put("home", status.source().toString())
            .put("procedure", status.procedure())
            .put("layout", status.layout())
            .put("copyMethod", status.copyMethod())
            .put("epoch", status.epoch());
    status.archive().ifPresent(archive -> json.put("archive", archive.toString()));
    json.set("recoveredTo", CycleOutput.json(json, status.recoveredTo()));
    status.sourceEnd().ifPresent(end -> json.set("sourceEnd", CycleOutput.json(json, end)));
    status.behindBytes().ifPresent(bytes -> json.put("behindBytes", bytes));
    json.put("snapshotAt", status.snapshotAt())
        .put("syncedAt", status.syncedAt())
        .put("switching", status.switching())
        .put("running", status.running());
    status.problem().ifPresent(problem -> json.put("problem", problem));
    return json;
  }
}
