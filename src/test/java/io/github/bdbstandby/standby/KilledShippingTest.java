package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that was killed has shipped may be in the kernel's cache only. */
final class KilledShippingTest {
  private static final String FSYNC = "fsync standby/incoming/log#";
  private static final int KILLED = 128 + 9;

  @TempDir Path work;

  @Test
  void isMadeDurableByTheNext() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--log-size", "4194304");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 20);
    assertThat(shipping(standby, 1)).isEqualTo(KILLED);
    assertThat(new StandbyDirectory(standby).incoming()).isNotEmptyDirectory();
    assertThat(shipping(standby, 2))
        .isEqualTo(KILLED); // as it is let in, where nothing was to be copied
    Cli.json("sync", "--standby", standby).good();
  }

  private int shipping(Path standby, int fsync) throws Exception {
    try (Child sync =
        Cli.start(
            Operation.struck(standby, FSYNC + fsync, "kill-before"),
            work,
            "sync",
            "--standby",
            standby,
            "--json")) {
      return sync.await().code();
    }
  }
}
