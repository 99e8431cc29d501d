package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.DoubleWrite;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recovery killed in the middle of a page: the kernel cuts a dying process's write between its own
 * pages, which are smaller than the database's.
 */
final class TornPageTest {
  private static final int KILLS = 6;

  @TempDir Path work;

  @ParameterizedTest
  @ValueSource(ints = {16384, 65536})
  void aTornPageIsMadeWhole(int pageSize) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--pagesize", String.valueOf(pageSize), "--accounts", "3000");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    int torn = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      Writer.work(home, 400);
      syncKilledIn(standby, 3 * kill);
      Path slot = standby.resolve(".bdb-standby/page-slot");
      if (Files.exists(slot)) {
        Map<String, String> before = databases(standby);
        Cli.json("verify", "--standby", standby).good(); // by the slot's page, in its copy
        assertThat(databases(standby)).isEqualTo(before);
        assertThat(slot).exists();
        Path copy = work.resolve("slot");
        Files.copy(slot, copy);
        assertThat(DoubleWrite.repair(copy, standby)).isTrue();
        torn += databases(standby).equals(before) ? 0 : 1;
        assertThat(copy).doesNotExist();
      }
      Cli.json("sync", "--standby", standby).good();
      assertThat(slot).doesNotExist();
      assertThat(Writer.run("check", standby).path("journal"))
          .isEqualTo(Writer.run("check", home).path("journal"));
    }
    assertThat(torn).as("pages that were torn").isPositive();
  }

  private static Map<String, String> databases(Path standby) throws Exception {
    Map<String, String> all = new HashMap<>(Tree.of(standby));
    all.keySet().removeIf(name -> name.startsWith(EnvironmentFiles.OURS));
    return all;
  }

  private static void syncKilledIn(Path standby, int write) throws Exception {
    killedIn(standby, write, "sync", "--standby", standby);
  }

  private static void killedIn(Path standby, int write, Object... command) throws Exception {
    Map<String, String> faults =
        Operation.struck(standby, "write standby/database#" + write, "kill-midway");
    try (Child killed = Cli.start(faults, standby, command)) {
      assertThat(killed.await().code()).isEqualTo(137);
    }
  }

  private Path killedStandby(int write) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--pagesize", "16384", "--accounts", "3000");
    Writer.work(home, 400);
    Writer.run("checkpoint", home);
    Writer.run("checkpoint", home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(standby.resolve("log.0000000001")).doesNotExist(); // it would make databases anew
    Writer.work(home, 400);
    syncKilledIn(standby, write);
    return standby;
  }

  /** Its application has recovered it by itself, and worked on, since a recovery was killed. */
  @Test
  void thePageOfAKilledRecoveryIsNotPutOverALaterOne() throws Exception {
    Path home = work.resolve("home");
    Path primary = work.resolve("standby");
    Writer.init(home, "--pagesize", "16384", "--accounts", "3000");
    Cli.json("snapshot", "--home", home, "--standby", primary).good();
    Cli.json("failover", "--standby", primary).good();
    try (Child application = Writer.start(primary, "--seconds", "0", "--checkpoint-ms", "0")) {
      Busy.pause(2000);
      application.kill();
    }
    Map<String, String> faults =
        Operation.struck(primary, "write standby/database#3", "kill-before");
    try (Child killed = Cli.start(faults, primary, "recover", "--home", primary)) {
      assertThat(killed.await().code()).isEqualTo(137);
    }
    assertThat(primary.resolve(".bdb-standby/page-slot")).exists();
    Writer.work(primary, 400, "--recover");
    Writer.run("checkpoint", primary);
    Writer.run("checkpoint", primary);
    for (Path region : Tree.regions(primary)) {
      Files.delete(region);
    }
    Map<String, String> before = databases(primary);
    Cli.json("recover", "--home", primary, "--normal").good();
    before.keySet().removeIf(name -> !name.endsWith(".db"));
    assertThat(databases(primary)).containsAllEntriesOf(before);
    Writer.run("check", primary);
  }

  /** The original is not a copy's to write to; its own page is as torn. */
  @Test
  void theSlotOfACopyIsForTheCopy() throws Exception {
    Path standby = killedStandby(5);
    Path copy = work.resolve("copy");
    Tree.copyAll(standby, copy);
    Map<String, String> before = databases(standby);
    assertThat(DoubleWrite.repair(copy.resolve(".bdb-standby/page-slot"), copy)).isTrue();
    assertThat(databases(standby)).isEqualTo(before);
    // Moved, or reached by another mount, it is the same standby.
    Path moved = Files.move(standby, work.resolve("moved"));
    assertThat(DoubleWrite.repair(moved.resolve(".bdb-standby/page-slot"), moved)).isTrue();
    assertThat(databases(copy)).isEqualTo(databases(moved));
  }

  @Test
  void aCopiedPageWithoutAPlaceIsTold() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(killedStandby(5), copy);
    for (String name : databases(copy).keySet()) {
      if (name.endsWith(".db")) {
        Files.delete(copy.resolve(name));
      }
    }
    Path slot = copy.resolve(".bdb-standby/page-slot");
    Outcome sync = Cli.json("sync", "--standby", copy);
    assertThat(sync.code()).as("%s", sync).isEqualTo(4);
    assertThat(sync.json().path("reason").asText()).isEqualTo("damaged");
    assertThat(sync.json().path("message").asText()).contains(slot.toString());
    assertThat(slot).exists();
    assertThat(Cli.json("failover", "--standby", copy).code()).isEqualTo(4);
    Path other = work.resolve("other");
    Tree.copyAll(copy, other);
    assertThat(
            Cli.json("failover", "--standby", other, "--accept-loss")
                .good()
                .path("notes")
                .toString())
        .contains(other.resolve(".bdb-standby/page-slot").toString());
    Cli.json("snapshot", "--home", work.resolve("home"), "--standby", copy).good();
    assertThat(slot).doesNotExist();
    Cli.json("verify", "--standby", copy).good();
  }

  private Path copyWithoutAPlace() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(killedStandby(5), copy);
    for (String name : databases(copy).keySet()) {
      if (name.endsWith(".db")) {
        Files.delete(copy.resolve(name));
      }
    }
    return copy;
  }

  @Test
  void aFollowerOfACopyTakesASnapshotForIt() throws Exception {
    Path copy = copyWithoutAPlace();
    try (Child follower = Cli.start("follow", "--standby", copy, "--json", "--on-gap", "stop")) {
      assertThat(follower.await().code()).isEqualTo(4);
    }
    try (Child follower = Cli.start("follow", "--standby", copy, "--json")) {
      follower.awaitError("snapshot-taken");
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
    Cli.json("verify", "--standby", copy).good();
    Cli.json("failover", "--standby", copy).good();
    assertThat(Writer.run("check", copy)).isEqualTo(Writer.run("check", work.resolve("home")));
  }

  /** The page is as torn as it was. */
  @Test
  void aSnapshotThatFailsDoesNotForgetIt() throws Exception {
    Path copy = copyWithoutAPlace();
    Path home = work.resolve("home");
    Path away = Files.move(home, work.resolve("away"));
    Files.createDirectory(home);
    Files.writeString(home.resolve("DB_CONFIG"), "# no environment\n");
    try (Child follower = Cli.start("follow", "--standby", copy, "--json")) {
      follower.awaitError("source-away");
      follower.signal("TERM");
      assertThat(follower.await().code()).isEqualTo(143);
    }
    Files.delete(home.resolve("DB_CONFIG"));
    Files.delete(home);
    Files.move(away, home);
    assertThat(Cli.json("verify", "--standby", copy).code()).isEqualTo(5);
    Outcome sync = Cli.json("sync", "--standby", copy);
    assertThat(sync.code()).as("%s", sync).isEqualTo(4);
    assertThat(sync.json().path("reason").asText()).isEqualTo("damaged");
    Cli.json("snapshot", "--home", home, "--standby", copy).good();
    Cli.json("sync", "--standby", copy).good();
    Cli.json("verify", "--standby", copy).good();
  }

  /** Who fails over what was kept must not be given a torn page in silence. */
  @Test
  void aStandbyThatIsKeptDoesNotForgetIt() throws Exception {
    Path copy = copyWithoutAPlace();
    Path home = work.resolve("home");
    Tree.delete(home);
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", copy).good();
    String kept = Cli.json("status", "--standby", copy).good().path("replaced").path(0).asText();
    for (String how : List.of("-v", "--dry-run")) {
      Outcome failover = Cli.json("failover", "--standby", kept, how);
      assertThat(failover.code()).as("%s", failover).isEqualTo(4);
    }
    Outcome failover = Cli.json("failover", "--standby", kept);
    assertThat(failover.json().path("reason").asText()).as("%s", failover).isEqualTo("damaged");
    Cli.json("sync", "--standby", copy).good();
  }

  /** One more page is torn while another is given up: this one has a place. */
  @Test
  void aFailoverThatGivesOneUpAndIsKilledHasTheNextMadeWhole() throws Exception {
    Path copy = work.resolve("copy");
    Tree.copyAll(killedStandby(5), copy);
    Path slot = copy.resolve(".bdb-standby/page-slot");
    Files.delete(copy.resolve(databaseOf(slot)));
    int torn = 0;
    for (int kill = 1; kill <= KILLS; kill++) {
      killedIn(copy, 3 * kill, "failover", "--standby", copy, "--accept-loss");
      Map<String, String> before = databases(copy);
      Path twin = work.resolve("twin" + kill);
      Tree.copyAll(copy, twin);
      assertThat(DoubleWrite.repair(twin.resolve(".bdb-standby/page-slot"), twin)).isTrue();
      List<String> lost = new ArrayList<>();
      new TornPage(new StandbyDirectory(copy)).mendOrGiveUp(lost::add);
      assertThat(databases(copy)).isEqualTo(databases(twin));
      assertThat(lost).singleElement().asString().contains(slot.toString());
      torn += databases(copy).equals(before) ? 0 : 1;
    }
    assertThat(torn).as("pages that were torn").isPositive();
  }

  private static Path databaseOf(Path slot) throws Exception {
    byte[] content = Files.readAllBytes(slot);
    int size = (int) ByteBuffer.wrap(content).order(ByteOrder.nativeOrder()).getLong(48);
    return Path.of(new String(content, 56, size, StandardCharsets.UTF_8)).getFileName();
  }

  @Test
  void whatIsNoSlotIsPassedOver() throws Exception {
    Path slot = work.resolve("slot");
    assertThat(DoubleWrite.repair(slot, work)).isFalse();
    for (int size : new int[] {0, 100, 4096, 70_000}) {
      byte[] noise = new byte[size];
      new java.util.Random(size).nextBytes(noise);
      Files.write(slot, noise);
      assertThat(DoubleWrite.repair(slot, work)).isFalse();
      assertThat(slot).doesNotExist();
    }
  }
}
