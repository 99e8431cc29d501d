package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Log that waits beside a standby which a snapshot replaces, when its source has just been lost.
 */
final class ShippedBesideTest {
  @TempDir Path work;
  private StandbyDirectory standby;
  private List<LogFile> logs;

  @BeforeEach
  void places() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 900);
    logs = LogFile.in(home);
    assertThat(logs).hasSizeGreaterThan(5);
    standby = new StandbyDirectory(work.resolve("standby"));
    Files.createDirectories(standby.imageLogs());
    Files.createDirectories(standby.incoming());
  }

  private static void copy(List<LogFile> logs, Path to) throws Exception {
    for (LogFile log : logs) {
      Files.copy(log.path(), to.resolve(log.path().getFileName()));
    }
  }

  private Path beside(int index) {
    return standby.imageLogs().resolve(logs.get(index).path().getFileName());
  }

  @Test
  void goesOnForTheNewStandby() throws Exception {
    copy(logs, standby.incoming());
    copy(logs.subList(2, 3), standby.imageLogs());
    PlainCopier.truncate(beside(2), logs.get(2).size() / 2);
    new ShippedBeside(standby, EnvironmentOptions.defaults()).takeMore();
    for (int i = 2; i < logs.size(); i++) {
      assertThat(beside(i)).hasSameBinaryContentAs(logs.get(i).path());
    }
    assertThat(beside(1)).doesNotExist();
  }

  @Test
  void isLeftWhereItIsOfAnotherHistory() throws Exception {
    copy(logs, standby.incoming());
    copy(logs.subList(2, 3), standby.imageLogs());
    byte[] other = Files.readAllBytes(beside(2));
    other[200]++;
    Files.write(beside(2), other);
    Map<String, String> before = Tree.of(standby.imageLogs());
    new ShippedBeside(standby, EnvironmentOptions.defaults()).takeMore();
    assertThat(Tree.of(standby.imageLogs())).isEqualTo(before);
  }

  @Test
  void isLeftBehindAGap() throws Exception {
    copy(logs.subList(2, 3), standby.incoming());
    copy(logs.subList(4, logs.size()), standby.incoming());
    copy(logs.subList(2, 3), standby.imageLogs());
    new ShippedBeside(standby, EnvironmentOptions.defaults()).takeMore();
    assertThat(beside(2)).exists();
    assertThat(beside(3)).doesNotExist();
    assertThat(beside(4)).doesNotExist();
  }
}
