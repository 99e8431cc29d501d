package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Verification finds what is wrong, wherever it is, and changes nothing. */
final class VerifyTest {
  @TempDir Path work;

  private Path standby(String environment) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Environments.init(environment, home);
    Writer.work(home, 300);
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home, "--standby", standby));
    Cli.json(with(words, environment)).good();
    return standby;
  }

  private Object[] with(List<Object> words, String environment) throws Exception {
    if (environment.equals("encrypted")) {
      words.addAll(List.of("--password-file", Environments.passwordFile(work.resolve("home"))));
    }
    return words.toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"btree", "queue-extents", "data-dirs-config", "encrypted", "checksummed"})
  void flippedByte(String environment) throws Exception {
    Path standby = standby(environment);
    Object[] verify = with(new ArrayList<>(List.of("verify", "--standby", standby)), environment);
    Map<String, String> good = Tree.of(standby);
    JsonNode report = Cli.json(verify).good();
    assertThat(report.path("files").asLong()).isPositive();
    assertThat(report.path("databases").asLong()).isPositive();
    assertThat(report.path("damage")).isEmpty();
    assertThat(Tree.of(standby)).isEqualTo(good);
    Random random = new Random(environment.hashCode());
    List<Path> files;
    try (var all = Files.walk(standby)) {
      files =
          all.filter(Files::isRegularFile)
              .filter(file -> !file.startsWith(standby.resolve(".bdb-standby")))
              .toList();
    }
    for (Path file : files) {
      // The first bytes too: what a file's header says must not lead astray.
      for (long at : new long[] {0, 13, random.nextLong(Files.size(file)), Files.size(file) - 1}) {
        flip(file, Math.min(at, Files.size(file) - 1));
        Map<String, String> before = Tree.of(standby);
        damaged(Cli.json(verify), file);
        assertThat(Tree.of(standby)).isEqualTo(before);
        flip(file, Math.min(at, Files.size(file) - 1));
      }
    }
    Cli.json(verify).good();
  }

  private static void damaged(Outcome seen, Path file) {
    assertThat(seen.code()).as("%s", seen).isEqualTo(5);
    assertThat(seen.nativeErr()).isEmpty();
    assertThat(seen.json().path("outcome").asText()).isEqualTo("damaged");
    assertThat(seen.json().path("damage").toString()).contains(file.toString());
    assertThat(seen.err()).contains(file.toString());
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
  void filesThatCameAndWent() throws Exception {
    Path standby = standby("btree");
    Path database;
    try (var files = Files.list(standby)) {
      database = files.filter(file -> file.toString().endsWith(".db")).findFirst().orElseThrow();
    }
    Path aside = work.resolve("aside");
    Files.move(database, aside);
    damaged(Cli.json("verify", "--standby", standby), database);
    Files.copy(aside, database);
    Cli.json("verify", "--standby", standby).good();
    Path foreign = standby.resolve("foreign.db");
    Files.copy(aside, foreign);
    damaged(Cli.json("verify", "--standby", standby), foreign);
    Files.delete(foreign);
    Path log = standby.resolve("log.0000009999");
    Files.write(log, new byte[100]);
    damaged(Cli.json("verify", "--standby", standby), log);
    Files.delete(log);
    Cli.json("verify", "--standby", standby).good();
  }

  @Test
  void aSyncCutOffIsNoDamage() throws Exception {
    Path home = work.resolve("home");
    Environments.init("btree", home);
    try (Child application = Writer.idle(home)) {
      Path standby = work.resolve("standby");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Writer.run("run", home, "--commits", "300", "--thread-base", "7");
      StandbyListener interrupting =
          new StandbyListener() {
            @Override
            public void ended(StepReport report) {
              if (report.step() == StepName.COPY_LOGS) {
                Thread.currentThread().interrupt();
              }
            }
          };
      assertThatThrownBy(() -> Standby.at(standby).sync(interrupting))
          .isInstanceOf(CycleFailedException.class);
      assertThat(Thread.interrupted()).isTrue();

      Map<String, String> before = Tree.of(standby);
      Outcome cutOff = Cli.json("verify", "--standby", standby);
      cutOff.good();
      assertThat(cutOff.json().path("notes").path(0).asText()).contains("cut off");
      assertThat(Tree.of(standby)).isEqualTo(before);
      Path config = standby.resolve("bdb-writer.conf"); // nothing has changed it
      byte[] right = Files.readAllBytes(config);
      FileTime time = Files.getLastModifiedTime(config);
      byte[] wrong = right.clone();
      wrong[0] ^= 1;
      Files.write(config, wrong);
      Files.setLastModifiedTime(config, time);
      damaged(Cli.json("verify", "--standby", standby), config);
      Files.write(config, right);
      Files.setLastModifiedTime(config, time);

      Cli.json("sync", "--standby", standby).good();
      Cli.json("verify", "--standby", standby).good();
      assertThat(application.isAlive()).isTrue();
    }
  }

  /** Wrong from the start: the sums are right, libdb's verify is not content. */
  @Test
  void damageThatWasCopied() throws Exception {
    damaged("--types", "btree");
  }

  /** A page whose own checksum is wrong makes libdb panic: what is verified after it is good. */
  @Test
  void damageThatPanics() throws Exception {
    damaged("--types", "btree", "--checksum");
  }

  private void damaged(String... environment) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, environment);
    Writer.run("create", home, "--db", "a-plain.db");
    Writer.run("checkpoint", home);
    Writer.run("remove-environment", home, "--force");
    Path database = home.resolve("a-plain.db");
    // The type byte of the last page, which no log file that is needed writes again.
    Outcome taken = Cli.json("snapshot", "--home", home, "--standby", standby);
    assertThat(taken.code()).isZero();
    flip(standby.resolve("a-plain.db"), Files.size(database) - 4096 + 25);
    Path manifest = standby.resolve(".bdb-standby").resolve("manifest.json");
    long sum = FilesAtRest.sum(standby.resolve("a-plain.db"));
    Manifest known = ManifestFile.read(manifest).orElseThrow();
    Manifest.FileAtRest before = known.files().get("a-plain.db");
    Files.writeString(
        manifest,
        Files.readString(manifest).replace(String.valueOf(before.crc32c()), String.valueOf(sum)));
    Outcome seen = Cli.json("verify", "--standby", standby);
    assertThat(seen.code()).as("%s", seen).isEqualTo(5);
    assertThat(seen.nativeErr()).isEmpty();
    assertThat(seen.json().path("damage")).as("%s", seen).hasSize(1);
    assertThat(seen.json().path("damage").path(0).asText()).contains("a-plain.db");
  }

  /** It says nothing of the files, and is no damage. */
  @Test
  void anInterrupt() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Path standby = work.resolve("standby");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Thread verifying = Thread.currentThread();
    StandbyListener interrupting =
        new StandbyListener() {
          @Override
          public void copied(StepName step, long bytes) {
            verifying.interrupt(); // whichever thread sums a file
          }
        };
    Standby verified = Standby.at(standby);
    assertThatThrownBy(() -> verified.verify(Optional.empty(), interrupting))
        .isInstanceOf(CycleFailedException.class)
        .extracting(e -> ((StandbyException) e).reason())
        .isEqualTo(Reason.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }
}
