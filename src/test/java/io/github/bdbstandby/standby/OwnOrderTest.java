package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases in an order of their application's own, which libdb's verify does not know. */
final class OwnOrderTest {
  private static final int PAGE = 1024;
  private static final Comparator<byte[]> DESCENDING = Arrays::compare;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Environment application;

  @BeforeEach
  void application() throws Exception {
    home = Files.createDirectories(work.resolve("home"));
    standby = work.resolve("standby");
    Files.createDirectories(home.resolve("data"));
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.addDataDir(Path.of("data").toFile());
    config.setCreateDir(Path.of("data").toFile());
    application = new Environment(home.toFile(), config);
    fill("plain.db", null, type(DatabaseType.BTREE));
    DatabaseConfig keys = type(DatabaseType.BTREE);
    keys.setBtreeComparator(DESCENDING.reversed());
    fill("keys.db", null, keys);
    fill("many.db", "own", keys);
    fill("many.db", "plain", type(DatabaseType.BTREE));
    DatabaseConfig duplicates = type(DatabaseType.BTREE);
    duplicates.setSortedDuplicates(true);
    duplicates.setDuplicateComparator(DESCENDING.reversed());
    fill("duplicates.db", null, duplicates);
    DatabaseConfig hashed = type(DatabaseType.HASH);
    hashed.setHasher((database, data, length) -> Arrays.hashCode(data));
    fill("hashed.db", null, hashed);
    application.checkpoint(null);
  }

  @AfterEach
  void close() throws Exception {
    application.close();
  }

  private static DatabaseConfig type(DatabaseType type) {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(type);
    config.setPageSize(PAGE);
    return config;
  }

  private void fill(String file, String name, DatabaseConfig config) throws Exception {
    Database database = application.openDatabase(null, file, name, config);
    for (int i = 0; i < 300; i++) {
      database.put(null, entry("key " + i % 150), entry("value " + i * 7));
    }
    database.close();
  }

  private static DatabaseEntry entry(String text) {
    return new DatabaseEntry(text.getBytes(StandardCharsets.UTF_8));
  }

  private void snapshot(String... more) throws Exception {
    run("snapshot", List.of("--home", home, "--data-dir", "data"), (Object[]) more).good();
  }

  private Outcome run(String command, List<Object> some, Object... more) throws Exception {
    List<Object> words = new ArrayList<>(List.of(command, "--standby", standby));
    words.addAll(some);
    words.addAll(List.of(more));
    return Cli.json(words.toArray());
  }

  private Outcome verify(Object... more) throws Exception {
    return run("verify", List.of(), more);
  }

  private static final Object[] ALL_OWN = {
    "--own-order",
    "keys.db",
    "--own-order",
    "./many.db",
    "--own-order",
    "data/duplicates.db",
    "--own-order",
    "hashed.db"
  };

  @Test
  void theMessageSaysThatOnlyTheOrderIsUnknown() throws Exception {
    snapshot();
    Outcome seen = verify();
    assertThat(seen.code()).as("%s", seen).isEqualTo(5);
    JsonNode damage = seen.json().path("damage");
    assertThat(damage).hasSize(4);
    for (String name : List.of("keys.db", "many.db", "duplicates.db", "hashed.db")) {
      assertThat(damage.toString())
          .contains(standby.resolve("data").resolve(name) + ": keys are out of libdb's own order")
          .contains("say --own-order " + name + " ");
    }
    assertThat(verify(ALL_OWN).good().path("databases").asLong()).isEqualTo(5);
    assertThat(verify("--own-order", "*").good().path("databases").asLong()).isEqualTo(5);
    assertThat(verify().code()).as("verify remembers nothing").isEqualTo(5);
  }

  @Test
  void theStandbyRemembers() throws Exception {
    snapshot("--own-order", "keys.db", "--own-order", "many.db");
    assertThat(verify().json().path("damage")).hasSize(2);
    run("sync", List.of(), "--own-order", "duplicates.db", "--own-order", "hashed.db").good();
    verify("--drill").good();
    run("sync", List.of()).good();
    verify().good();
    assertThat(ManifestFile.ofStandby(new StandbyDirectory(standby)).ownOrder())
        .containsExactly("duplicates.db", "hashed.db", "keys.db", "many.db");
    snapshot();
    verify().good();
    snapshot("--own-order", "plain.db");
    assertThat(ManifestFile.ofStandby(new StandbyDirectory(standby)).ownOrder())
        .containsExactly("duplicates.db", "hashed.db", "keys.db", "many.db", "plain.db");
  }

  @Test
  void aFollowerIsTold() throws Exception {
    snapshot();
    FollowOptions options = FollowOptions.builder().ownOrder("*").build();
    CountDownLatch applied = new CountDownLatch(1);
    StandbyListener listener =
        new StandbyListener() {
          @Override
          public void cycleEnded(CycleReport cycle) {
            applied.countDown();
          }
        };
    try (Follower follower = Standby.at(standby).startFollower(options, listener)) {
      assertThat(applied.await(5, TimeUnit.MINUTES)).as("%s", follower.health()).isTrue();
    }
    verify("--drill").good();
  }

  /** A manifest that was written before there was such an option. */
  @Test
  void olderManifests() throws Exception {
    snapshot("--own-order", "*");
    Path file = standby.resolve(".bdb-standby/manifest.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode manifest = (ObjectNode) json.readTree(file.toFile());
    assertThat(manifest.remove("ownOrder").path(0).asText()).isEqualTo("*");
    Files.write(file, json.writeValueAsBytes(manifest));
    assertThat(verify().json().path("damage")).hasSize(4);
    run("sync", List.of(), "--own-order", "*").good();
    verify().good();
  }

  @Test
  void allOtherDamageIsFound() throws Exception {
    snapshot("--own-order", "*");
    for (String name : List.of("keys.db", "many.db", "duplicates.db", "hashed.db")) {
      Path file = standby.resolve("data").resolve(name);
      long inAPage = Files.size(file) - PAGE + 200;
      flip(file, inAPage);
      Outcome atRest = verify();
      assertThat(atRest.code()).as("%s", atRest).isEqualTo(5);
      assertThat(atRest.json().path("message").asText()).contains(file.toString(), "CRC32C");
      flip(file, inAPage);

      // The level byte of the last page: the sums are right, the structure is not.
      flip(file, Files.size(file) - PAGE + 25);
      long sum = sumAgain(name);
      Outcome copied = verify();
      assertThat(copied.code()).as("%s", copied).isEqualTo(5);
      assertThat(copied.json().path("message").asText())
          .contains(name, "BDB")
          .doesNotContain("--own-order");
      flip(file, Files.size(file) - PAGE + 25);
      assertThat(sumAgain(name)).isNotEqualTo(sum);
    }
    verify().good();
  }

  private long sumAgain(String name) throws Exception {
    Path manifest = standby.resolve(".bdb-standby/manifest.json");
    Manifest.FileAtRest known =
        ManifestFile.read(manifest).orElseThrow().files().get("data/" + name);
    long sum = FilesAtRest.sum(standby.resolve("data").resolve(name));
    Files.writeString(
        manifest,
        Files.readString(manifest).replace(String.valueOf(known.crc32c()), String.valueOf(sum)));
    return sum;
  }

  private static void flip(Path file, long at) throws Exception {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 0x10);
    }
  }

  @Test
  void namesThatCanBeNoDatabases() throws Exception {
    for (String name : new String[] {"", " ", ".", "/etc/passwd", "../other.db"}) {
      assertThatThrownBy(() -> SnapshotOptions.builder().ownOrder(name))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new VerifyOptions(Optional.empty(), Set.of(name)))
          .isInstanceOf(IllegalArgumentException.class);
      Outcome usage = run("snapshot", List.of("--home", home, "--own-order", name));
      assertThat(usage.code()).as("%s", usage).isEqualTo(2);
      assertThat(usage.err()).contains("--own-order");
    }
    assertThat(standby).doesNotExist();
  }
}
