package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery of a standby in which a sync was killed: what was shipped stays of use. */
final class RecoverCutOffTest {
  private static final int KILLED = 128 + 9;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void aStandbyThatIsBehind() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 900, "--ack", acknowledged.toString());
  }

  private void syncDiesAt(String point) throws Exception {
    Map<String, String> dying = Operation.struck(standby, point, "kill-before");
    try (Child sync = Cli.start(dying, work, "sync", "--standby", standby)) {
      assertThat(sync.await().code()).isEqualTo(KILLED);
    }
  }

  private void nothingIsLostWithTheSource() throws Exception {
    Tree.delete(home);
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby, "--ack", acknowledged.toString());
  }

  /** Files of its log that have room at their end for what recovery writes there. */
  private List<LogFile> withRoom() throws Exception {
    List<LogFile> logs = LogFile.in(home);
    List<LogFile> some = new ArrayList<>();
    for (LogFile log : logs.subList(0, logs.size() - 1)) {
      if (log.size() - LogEnd.of(log, 0).offset() > 200) {
        some.add(log);
      }
    }
    return some;
  }

  /** Recovery went on in the last file that was let in, so that the next one did not follow it. */
  @Test
  void inTheIntake() throws Exception {
    for (int more = 0; more < 50 && withRoom().isEmpty(); more++) {
      Writer.work(home, 300, "--ack", acknowledged.toString());
    }
    LogFile last = withRoom().get(0);
    long successor = last.number() - LogFile.in(home).get(0).number() + 2;
    syncDiesAt("rename standby/log#" + successor);
    assertThat(LogFile.in(standby)).last().extracting(LogFile::number).isEqualTo(last.number());
    Cli.json("recover", "--home", standby);
    nothingIsLostWithTheSource();
  }

  /** None is let in yet: what waits begins with what the standby has. */
  @Test
  void beforeTheIntake() throws Exception {
    syncDiesAt("rename standby/log#1");
    Cli.json("recover", "--home", standby).good();
    nothingIsLostWithTheSource();
  }

  @Test
  void isRefusedWhileLogWaitsBehindIt() throws Exception {
    syncDiesAt("rename standby/log#2");
    Path waiting = LogFile.in(new StandbyDirectory(standby).incoming()).get(0).path();
    Refusal.leaving(standby)
        .andSources(home)
        .refused("recover", "locked", waiting, () -> Cli.json("recover", "--home", standby));
    Cli.json("sync", "--standby", standby).good();
    Cli.json("recover", "--home", standby).good();
    Cli.json("sync", "--standby", standby).good();
    nothingIsLostWithTheSource();
  }

  /** All is let in, and only the last file waits to be continued. */
  @Test
  void goesOnWhereRecoveryWasCutOff() throws Exception {
    syncDiesAt("rename standby/manifest.json#1");
    Cli.json("recover", "--home", standby).good();
    nothingIsLostWithTheSource();
  }
}
