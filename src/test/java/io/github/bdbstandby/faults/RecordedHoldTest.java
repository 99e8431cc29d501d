package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run takes the hold on bulk loading, records that, and fails afterwards. */
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
      Child.Ended sync =
          failing(standby, "unlink standby/unfinished#1", "sync", "--standby", standby, "--json");
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

  /** Whoever ends the switch, or comes after it, takes the hold for standing. */
  @ParameterizedTest
  @ValueSource(strings = {"rename standby/manifest.json#1", "rmdir standby/image#1"})
  void aHoldThatASnapshotHasRecordedStays(String point) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    try (Child application = Writer.idle(home)) {
      assertThat(application.isAlive()).isTrue();
      Child.Ended snapshot =
          failing(standby, point, "snapshot", "--home", home, "--standby", standby, "--json");
      assertThat(snapshot.code()).as("%s", snapshot).isEqualTo(1);
      assertThat(isHeld(home)).as("%s", snapshot).isTrue();
      Cli.json("sync", "--standby", standby).good();
      assertThat(isHeld(home)).isTrue();
    }
  }

  private static Child.Ended failing(Path standby, String point, Object... words) throws Exception {
    Map<String, String> variables = Operation.struck(standby, point, "eio");
    try (Child child = Cli.start(variables, standby.getParent(), words)) {
      return child.await();
    }
  }
}
