package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old primary becomes the standby of the new one: what only it has is not thrown away. */
final class FailBackTest {
  private static final String KEPT = ".bdb-standby/former-2";

  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path older;
  private Path ended;
  private Path before;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
    older = work.resolve("older");
    ended = work.resolve("ended");
    before = work.resolve("before");
  }

  private void made(String... options) throws Exception {
    Writer.init(home, options);
    Writer.work(home, 100);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Tree.copy(home, older);
    Writer.work(home, 600);
  }

  private void failedOver(Object... more) throws Exception {
    Cli.json("sync", "--standby", standby).good();
    Cli.json(Stream.concat(Stream.of("failover", "--standby", standby), Stream.of(more)).toArray())
        .good();
  }

  /** Put back from a copy that was made before the failover, and run on from there. */
  private void rewoundAndRunOn(int commits, String... more) throws Exception {
    Tree.copy(home, ended);
    Tree.delete(home);
    Tree.copy(older, home);
    Writer.work(
        home,
        commits,
        Stream.concat(Stream.of("--recover", "--thread-base", "20"), Stream.of(more))
            .toArray(String[]::new));
  }

  private String back() throws Exception {
    Tree.copy(home, before);
    JsonNode made = Cli.json("snapshot", "--home", standby, "--standby", home).good();
    Cli.json("verify", "--standby", home).good();
    Cli.json("sync", "--standby", home).good();
    return made.path("notes").toString();
  }

  /** Each log file is the beginning of what was failed over, or has been kept. */
  private void noLogIsLost(String directory) throws Exception {
    boolean differs = false;
    for (LogFile log : LogFile.in(before.resolve(directory))) {
      Path place = Path.of(directory).resolve(log.path().getFileName());
      Path taken = ended.resolve(place);
      long end = LogEnd.of(log, 0).offset();
      if (!Files.exists(taken) || !PlainCopier.sameBytes(log.path(), taken, end)) {
        assertThat(home.resolve(KEPT).resolve(place)).hasSameBinaryContentAs(log.path());
        differs = true;
      }
    }
    assertThat(differs).isTrue();
  }

  @Test
  void otherCommitsBeforeTheFailoversEnd() throws Exception {
    made("--types", "btree");
    failedOver();
    rewoundAndRunOn(20);
    assertThat(LogFile.in(home)).hasSizeLessThan(LogFile.in(standby).size());
    assertThat(back()).contains(home.resolve(KEPT).toString());
    noLogIsLost("");
  }

  /** The histories parted some files before the one in which the failover was. */
  @Test
  void otherCommitsOnBothSidesOfTheFailoversEnd() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    failedOver();
    rewoundAndRunOn(1200);
    String notes = back();
    noLogIsLost("logs");
    assertThat(notes).contains("parts from the new primary's at");
  }

  /** Its own log is all that lies where a file of the new primary's is coming. */
  @Test
  void aFileComesWhereItsLogWas() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    failedOver();
    Path logs = standby.resolve("logs");
    for (LogFile log : LogFile.in(logs)) {
      Files.move(log.path(), standby.resolve(log.path().getFileName()));
    }
    Files.delete(logs);
    Files.writeString(logs, "of the log\n");
    Files.writeString(standby.resolve("DB_CONFIG"), "# the log is here\n");
    Writer.work(standby, 30, "--recover", "--thread-base", "20");
    Cli.json("snapshot", "--home", standby, "--standby", home, "--dry-run").good();
    back();
    assertThat(home.resolve("logs")).hasContent("of the log");
    Cli.json("failover", "--standby", home).good();
    assertThat(Writer.run("check", home)).isEqualTo(Writer.run("check", standby));
  }

  @Test
  void alsoOfALogThatIsEncrypted() throws Exception {
    Path password = Files.writeString(work.resolve("password"), "correct horse\n");
    Writer.init(home, "--types", "btree", "--password-file", password.toString());
    Writer.work(home, 100);
    Object[] secret = {"--password-file", password};
    Cli.json("snapshot", "--home", home, "--standby", standby, secret[0], secret[1]).good();
    Tree.copy(home, older);
    Writer.work(home, 300);
    Cli.json("failover", "--standby", standby, secret[0], secret[1]).good();
    rewoundAndRunOn(20);
    Tree.copy(home, before);
    Cli.json("snapshot", "--home", standby, "--standby", home, secret[0], secret[1]).good();
    noLogIsLost("");
  }

  /** What can't be compared any more may be all that there is of it. */
  @Test
  void whereTheNewPrimaryHasRemovedItsLog() throws Exception {
    made("--types", "btree");
    failedOver();
    rewoundAndRunOn(20);
    Writer.work(standby, 600, "--recover");
    Writer.run("checkpoint", standby);
    Writer.run("archive", standby, "--remove");
    assertThat(LogFile.in(standby).get(0).number()).isGreaterThan(LogFile.in(home).size());
    assertThat(back()).contains("can't be compared");
    for (LogFile log : LogFile.in(before)) {
      assertThat(home.resolve(KEPT).resolve(log.path().getFileName()))
          .hasSameBinaryContentAs(log.path());
    }
  }

  /** Log files that the new primary has no more, of a history that it still has the end of. */
  @Test
  void whatBothHadBeforeIsNotKept() throws Exception {
    made("--types", "btree");
    Cli.json("sync", "--standby", standby).good();
    Writer.work(home, 20);
    Cli.json("failover", "--standby", standby).good();
    Files.delete(LogFile.in(standby).get(0).path());
    back();
    assertThat(home.resolve(KEPT)).doesNotExist();
  }

  /** DB_CONFIG names another directory since: the log has moved, and other files lie behind. */
  @Test
  void aLogThatHasMoved() throws Exception {
    made("--types", "btree", "--config", "set_lg_dir logs");
    failedOver();
    rewoundAndRunOn(20);
    for (LogFile log : LogFile.in(home.resolve("logs"))) {
      Files.move(log.path(), home.resolve(log.path().getFileName()));
    }
    Files.delete(home.resolve("DB_CONFIG"));
    Path behind = home.resolve("logs").resolve(LogFile.nameOf(99));
    Files.copy(LogFile.in(home).get(0).path(), behind);
    back();
    for (LogFile log : LogFile.in(before).subList(1, LogFile.in(before).size())) {
      assertThat(home.resolve(KEPT).resolve(log.path().getFileName()))
          .hasSameBinaryContentAs(log.path());
    }
    assertThat(home.resolve(KEPT).resolve("logs").resolve(behind.getFileName())).exists();
    assertThat(behind).doesNotExist();
  }

  /** Made without a transaction, it is in no log. */
  @Test
  void filesThatOnlyItHas() throws Exception {
    made("--types", "btree");
    Files.writeString(home.resolve("settings"), "of both");
    Files.writeString(home.resolve("notes"), "the old one's");
    failedOver();
    Writer.run("create", standby, "--db", "new.db");
    Files.writeString(standby.resolve("notes"), "the new one's");
    Path strange = work.resolve("strange");
    Writer.init(strange, "--types", "btree");
    Writer.run("create", strange, "--db", "only.db");
    Files.copy(strange.resolve("only.db"), home.resolve("only.db"));
    Files.writeString(home.resolve("alone"), "nobody else's");
    Files.writeString(home.resolve("DB_CONFIG"), "# tuned\nset_cachesize 0 2097152 1\n");
    assertThat(back()).contains("only.db").contains("notes").contains("DB_CONFIG");
    Path kept = home.resolve(KEPT);
    assertThat(kept.resolve("only.db")).hasSameBinaryContentAs(strange.resolve("only.db"));
    assertThat(kept.resolve("notes")).hasContent("the old one's");
    assertThat(kept.resolve("DB_CONFIG")).hasContent("# tuned\nset_cachesize 0 2097152 1\n");
    assertThat(home.resolve("notes")).hasContent("the new one's");
    assertThat(home.resolve("alone")).hasContent("nobody else's");
    assertThat(Tree.of(kept)).containsOnlyKeys("", "only.db", "notes", "DB_CONFIG");
  }
}
