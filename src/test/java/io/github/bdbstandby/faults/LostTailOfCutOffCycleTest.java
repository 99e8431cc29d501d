package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A source whose machine lost its power after a cycle had let its log in and was cut off: less of
 * it is there than in the standby, whose manifest does not know.
 */
final class LostTailOfCutOffCycleTest {
  private static final Point MANIFEST = new Point("rename standby/manifest.json", 1);

  @TempDir Path work;

  private Path home() {
    return work.resolve("home");
  }

  private Path standby() {
    return work.resolve("standby");
  }

  private void work(int commits) throws Exception {
    Writer.work(
        home(), commits, "--checkpoint-ms", "0", "--ack", work.resolve("acknowledged").toString());
  }

  /** The source comes back as it was some commits before. */
  private void lost(int commits) throws Exception {
    Writer.init(home(), "--types", "btree");
    Cli.json("snapshot", "--home", home(), "--standby", standby()).good();
    Path older = work.resolve("older");
    work(300);
    Tree.copy(home(), older);
    long before = last(older);
    work(commits);
    KilledCommand.run("sync", home(), standby(), work.resolve("trace"), Optional.of(MANIFEST));
    assertThat(last(standby())).isGreaterThanOrEqualTo(before);
    Tree.delete(home());
    Tree.copy(older, home());
  }

  private static long last(Path logs) throws Exception {
    List<LogFile> all = LogFile.in(logs);
    return all.get(all.size() - 1).number();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 600})
  void aFailoverKeepsWhatWasLetIn(int commits) throws Exception {
    lost(commits);
    JsonNode promoted = Cli.json("failover", "--standby", standby()).good();
    assertThat(promoted.has("losses")).isFalse();
    assertThat(promoted.path("notes").toString()).contains("no more than the standby");
    allIsThere();
  }

  @Test
  void aFollowerWaits() throws Exception {
    lost(600);
    try (Child follower = Cli.start("follow", "--standby", standby(), "--json", "--passive")) {
      follower.awaitError("history-diverged");
      follower.awaitError("source-away");
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
    Cli.json("failover", "--standby", standby()).good();
    allIsThere();
  }

  /** What was let in and the source has otherwise since is another history. */
  @Test
  void oneThatWentOnHasParted() throws Exception {
    lost(600);
    Writer.work(home(), 40, "--checkpoint-ms", "0", "--recover");
    assertThat(Cli.json("failover", "--standby", standby()).code()).isEqualTo(4);
    JsonNode promoted = Cli.json("failover", "--standby", standby(), "--accept-loss").good();
    assertThat(promoted.path("losses").path(0).path("reason").asText())
        .isEqualTo("history-diverged");
    allIsThere();
  }

  private void allIsThere() throws Exception {
    String acknowledged = work.resolve("acknowledged").toString();
    assertThat(Writer.run("check", standby(), "--ack", acknowledged).path("lostAcks").asLong(-1))
        .isZero();
  }
}
