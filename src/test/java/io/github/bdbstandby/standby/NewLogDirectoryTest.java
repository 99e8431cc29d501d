package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A source whose log moves to another directory: the standby keeps its own where it is. */
final class NewLogDirectoryTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private void made(String... options) throws Exception {
    Writer.init(home, options);
    Writer.work(home, 100);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Cli.json("sync", "--standby", standby).good();
  }

  private static void move(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (LogFile log : LogFile.in(from)) {
      Files.move(log.path(), to.resolve(log.path().getFileName()));
    }
  }

  private void config(String line) throws IOException {
    Files.writeString(
        home.resolve("DB_CONFIG"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Once more after it has been promoted and used: its log is found where it lies. */
  private void isFollowedThroughAFailover(Object... sync) throws Exception {
    Cli.json(sync).good();
    assertThat(Cli.json("verify", "--drill", "--standby", standby).code()).isZero();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
    Writer.work(standby, 30, "--recover");
    Writer.run("check", standby);
    Path back = work.resolve("back");
    Cli.json("snapshot", "--home", standby, "--standby", back).good();
    Cli.json("failover", "--standby", back).good();
    assertThat(Writer.run("check", back)).isEqualTo(Writer.run("check", standby));
  }

  @ParameterizedTest
  @CsvSource({"logs,-v", "logs,--passive", "deep/er/logs,-v"})
  void itMovesByDbConfig(String directory, String how) throws Exception {
    made("--types", "btree,hash");
    move(home, home.resolve(directory));
    config("set_lg_dir " + directory);
    Writer.work(home, 200);
    isFollowedThroughAFailover("sync", "--standby", standby, how);
  }

  @Test
  void itMovesToTheHome() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    move(home.resolve("logs"), home);
    Files.delete(home.resolve("DB_CONFIG"));
    config("# the log is here");
    Writer.work(home, 200);
    isFollowedThroughAFailover("sync", "--standby", standby);
  }

  /** What is left there are no files of the application's that the standby's log makes room for. */
  @Test
  void itLeavesCopiesBehind() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    for (LogFile log : LogFile.in(home.resolve("logs"))) {
      Files.copy(log.path(), home.resolve(log.path().getFileName()));
    }
    Files.delete(home.resolve("DB_CONFIG"));
    config("# the log is here");
    Writer.work(home, 200);
    isFollowedThroughAFailover("sync", "--standby", standby);
  }

  private void isSalvaged() throws Exception {
    assertThat(Cli.json("failover", "--standby", standby, "--dry-run").good().toString())
        .contains("log.");
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** No sync has told the standby of it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailoverFindsItWhereItIs(boolean copied) throws Exception {
    made("--types", "btree,hash");
    if (copied) {
      for (LogFile log : LogFile.in(home)) {
        Path place = home.resolve("logs").resolve(log.path().getFileName());
        Files.createDirectories(place.getParent());
        Files.copy(log.path(), place);
      }
    } else {
      move(home, home.resolve("logs"));
    }
    config("set_lg_dir logs");
    Writer.work(home, 200);
    isSalvaged();
  }

  @Test
  void aFailoverFindsItInTheHome() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    move(home.resolve("logs"), home);
    Files.delete(home.resolve("DB_CONFIG"));
    Writer.work(home, 200);
    isSalvaged();
  }

  @Test
  void statusFindsItWhereItIs() throws Exception {
    made("--types", "btree");
    move(home, home.resolve("logs"));
    config("set_lg_dir logs");
    Writer.work(home, 200);
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("behindBytes").asLong()).as("%s", status).isPositive();
    assertThat(status.path("problem").asText("")).as("%s", status).isEmpty();
  }

  /** Each has commits that the other has not: which are the application's nobody can tell. */
  @Test
  void aFailoverTellsOfTheLogThatItDoesNotTake() throws Exception {
    made("--types", "btree");
    Path other = work.resolve("other");
    Tree.copyAll(home, other);
    Writer.work(other, 50, "--thread-base", "20");
    Path logs = Files.createDirectory(home.resolve("logs"));
    for (LogFile log : LogFile.in(home)) {
      Files.copy(log.path(), logs.resolve(log.path().getFileName()));
    }
    for (LogFile log : LogFile.in(other)) {
      Path place = home.resolve(log.path().getFileName());
      Files.copy(log.path(), place, StandardCopyOption.REPLACE_EXISTING);
    }
    config("set_lg_dir logs");
    Writer.work(home, 200);
    assertThat(Cli.json("failover", "--standby", standby, "--dry-run").good().toString())
        .contains(": has what the log in " + logs);
    JsonNode failover = Cli.json("failover", "--standby", standby).good();
    assertThat(failover.path("notes").toString()).contains(home.resolve("log.0000").toString());
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** Copies wait in the new place for the application's next start. */
  @Test
  void aFailoverFindsItWhereItStillIs() throws Exception {
    made("--types", "btree");
    Path acknowledged = work.resolve("acknowledged");
    String[] busy = {"--seconds", "0", "--rate", "300", "--sync", "--ack", acknowledged.toString()};
    try (Child application = Writer.start(home, busy)) {
      Path logs = Files.createDirectory(home.resolve("logs"));
      for (LogFile log : LogFile.in(home)) {
        Files.copy(log.path(), logs.resolve(log.path().getFileName()));
      }
      config("set_lg_dir logs");
      long then = Files.size(acknowledged);
      while (Files.size(acknowledged) < 2 * then + 1000) {
        assertThat(application.isAlive()).isTrue();
        TimeUnit.MILLISECONDS.sleep(20);
      }
      application.kill();
    }
    Cli.json("failover", "--standby", standby).good();
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong(-1)).isZero();
  }

  /** The application has removed log files since; who has no password sees the same. */
  @Test
  void statusFindsAnEncryptedOneWhereItStillIs() throws Exception {
    String password = Files.writeString(work.resolve("password"), "correct horse\n").toString();
    String[] secret = {"--password-file", password};
    Writer.init(home, "--types", "btree", secret[0], secret[1]);
    Writer.work(home, 100, secret);
    Cli.json("snapshot", "--home", home, "--standby", standby, secret[0], secret[1]).good();
    Writer.work(home, 600, secret);
    Writer.run("checkpoint", home, secret);
    Path logs = Files.createDirectory(home.resolve("logs"));
    for (LogFile log : LogFile.in(home)) {
      Files.copy(log.path(), logs.resolve(log.path().getFileName()));
    }
    Writer.run("archive", home, secret[0], secret[1], "--remove");
    Writer.work(home, 5, secret[0], secret[1], "--checkpoint-ms", "0");
    config("set_lg_dir logs");
    List<LogFile> all = LogFile.in(home);
    long end = LogEnd.of(all.get(all.size() - 1), 0).offset();
    JsonNode status = Cli.json("status", "--standby", standby).good();
    assertThat(status.path("sourceEnd").path("offset").asLong()).as("%s", status).isEqualTo(end);
  }

  @Test
  void itMovesByTheApplicationsCode() throws Exception {
    made("--types", "btree");
    move(home, home.resolve("logs"));
    Writer.work(home, 200, "--log-dir", "logs");
    Cli.json("sync", "--standby", standby, "--log-dir", "logs").good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby, "--log-dir", "logs"))
        .isEqualTo(Writer.run("check", home, "--log-dir", "logs"));
  }

  /** DB_CONFIG names it for the application's next start; until then the log stays. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itIsToMoveWhileItIsFollowed(boolean there) throws Exception {
    made("--types", "btree");
    Path acknowledged = work.resolve("acknowledged");
    String[] busy = {"--seconds", "0", "--rate", "300", "--sync", "--ack", acknowledged.toString()};
    try (Child application = Writer.start(home, busy);
        Child follower = Cli.start("follow", "--standby", standby, "--json")) {
      follower.awaitLines("{", 1);
      if (there) {
        Files.createDirectory(home.resolve("logs"));
      }
      config("set_lg_dir logs");
      follower.awaitLines("{", 4);
      application.kill();
      follower.stop();
    }
    Cli.json("failover", "--standby", standby).good();
    JsonNode books = Writer.run("check", standby, "--ack", acknowledged.toString());
    assertThat(books.path("lostAcks").asLong(-1)).isZero();
  }

  /** Where libdb finds no log it begins one, and its recovery ends well. */
  @Test
  void recoveryOfAnotherLogIsNone() throws Exception {
    made("--types", "btree");
    Writer.work(home, 20);
    Files.createDirectory(standby.resolve("elsewhere"));
    Path config = standby.resolve("DB_CONFIG");
    Files.writeString(config, "set_lg_dir elsewhere\n");
    Outcome failover = Cli.json("failover", "--standby", standby);
    assertThat(failover.code()).as("%s", failover).isEqualTo(1);
    assertThat(failover.json().path("message").asText()).contains("has read a log that ends at 1/");
    Files.delete(config);
    Cli.json("failover", "--standby", standby).good();
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }
}
