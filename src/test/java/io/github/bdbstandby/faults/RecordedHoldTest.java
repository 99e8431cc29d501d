package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sync takes the hold on bulk loading, records that, and fails afterwards. */
final class RecordedHoldTest {
  @TempDir Path work;

  @Test
  void aHoldThatIsRecordedStays() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    try (Child application = Writer.idle(home, "--recover")) { // in regions made anew
      assertThat(application.isAlive()).isTrue();
      assertThat(isHeld(home)).isFalse();
      Child.Ended sync = syncThatFails(standby);
      assertThat(sync.code()).as("%s", sync).isEqualTo(1);
      assertThat(isHeld(home)).as("%s", sync).isTrue();
      Cli.json("sync", "--standby", standby).good();
      assertThat(isHeld(home)).isTrue();
    }
  }

  private static boolean isHeld(Path home) {
    try (DbEnvironment joined = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      return joined.hotBackupInProgress();
    }
  }

  private static Child.Ended syncThatFails(Path standby) throws Exception {
    Map<String, String> variables =
        Map.of(
            "LD_PRELOAD",
            System.getProperty("bdbstandby.faults.library"),
            "BDB_FAULTS_WATCH",
            "standby=" + standby,
            "BDB_FAULTS_AT",
            "unlink standby/unfinished#1",
            "BDB_FAULTS_ACTION",
            "eio");
    try (Child child =
        Cli.start(variables, standby.getParent(), "sync", "--standby", standby, "--json")) {
      return child.await();
    }
  }
}
