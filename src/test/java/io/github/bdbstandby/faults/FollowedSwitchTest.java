package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower's snapshot meets an error as it takes its place, and the follower goes on. */
final class FollowedSwitchTest {
  @TempDir Path work;

  @Test
  void isEndedBeforeAnythingElse() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Path acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 900, "--ack", acknowledged.toString());
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    Map<String, String> variables =
        Struck.variables(
            "standby=" + standby,
            work.resolve("trace"),
            Optional.of(new Point("rename standby/manifest.json", 1)),
            Optional.of(Action.IO_ERROR));
    try (Child application =
            Writer.start(
                home, "--seconds", "0", "--rate", "100", "--ack", acknowledged.toString());
        Child follower = Cli.start(variables, work, "follow", "--standby", standby, "--json")) {
      follower.awaitError("cycle-failed");
      follower.awaitLines("{", 3);
      application.stop();
      follower.signal("TERM");
      Child.Ended ended = follower.await();
      assertThat(ended.err().lines().filter(line -> line.contains("snapshot-needed")))
          .as("%s", ended)
          .hasSize(1);
    }
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby, "--ack", acknowledged.toString());
  }
}
