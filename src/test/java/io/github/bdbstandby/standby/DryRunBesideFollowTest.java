package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A failover that would stop a follower is planned for while that one changes the standby. */
final class DryRunBesideFollowTest {
  @Test
  void isNeverRefusedForThat() throws Exception {
    plan(Duration.ofSeconds(6));
  }

  @Test
  @Tag("soak")
  void isNeverRefusedForThatForLong() throws Exception {
    plan(Duration.ofMinutes(2));
  }

  private static void plan(Duration time) throws IOException, InterruptedException {
    try (Temporary directory = Temporary.directory()) {
      Bank bank = Bank.make(directory.path(), "btree", "--log-size", "65536");
      Path standby = directory.resolve("standby");
      Cli.json("snapshot", "--home", bank.home(), "--standby", standby).good();
      try (Busy busy = bank.busy("--threads", "2", "--rate", "600", "--checkpoint-ms", "200");
          Child follower =
              Cli.start(
                  "follow",
                  "--standby",
                  standby,
                  "--json",
                  "--interval",
                  "50ms",
                  "--ship-interval",
                  "20ms")) {
        follower.awaitLines("{", 2);
        long end = System.nanoTime() + time.toNanos();
        int plans = 0;
        for (; System.nanoTime() < end; plans++) {
          Outcome plan = Cli.json("failover", "--standby", standby, "--dry-run", "--take-over");
          assertThat(plan.code()).as("plan %s: %s", plans, plan).isZero();
        }
        busy.assertAlive();
        assertThat(follower.isAlive()).isTrue();
        assertThat(plans).isPositive();
        follower.stop();
        busy.stop();
      }
    }
  }
}
