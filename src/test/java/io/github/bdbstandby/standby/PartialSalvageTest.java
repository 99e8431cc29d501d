package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source whose log has something in its middle that can't be had: what is before it can. */
final class PartialSalvageTest {
  private static final int BAD = 2;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private long before;
  private List<LogFile> logs;

  @BeforeEach
  void aSourceThatWentOn() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    before = journal(home);
    Writer.work(home, 900);
    logs = LogFile.in(home);
    assertThat(logs).hasSizeGreaterThan(BAD + 2);
  }

  private static long journal(Path where) throws Exception {
    return Writer.run("check", where).path("journal").asLong();
  }

  private Outcome failover(Object... more) throws IOException {
    Object[] all = new Object[more.length + 3];
    System.arraycopy(new Object[] {"failover", "--standby", standby}, 0, all, 0, 3);
    System.arraycopy(more, 0, all, 3, more.length);
    return Cli.json(all);
  }

  private static Lsn lsn(JsonNode json) {
    return new Lsn(json.path("file").asLong(), json.path("offset").asLong());
  }

  private Lsn endOf(int index) throws IOException {
    return LogEnd.of(logs.get(index), 0);
  }

  /** Refused at first; then all up to there is taken, and the loss is told from there on. */
  private void taken(String reason, Lsn upTo) throws Exception {
    Path bad = logs.get(BAD).path();
    for (String how : List.of("--dry-run", "-v")) {
      Refusal refusal = Refusal.leaving(standby).andSources(home);
      if (reason.equals("no-access")) {
        refusal.refused("failover", reason, bad, () -> failover(how));
      } else {
        refusal.snapshotNeeded("failover", reason, bad, () -> failover(how));
      }
    }
    JsonNode promoted = failover("--accept-loss").good();
    assertThat(promoted.path("losses")).as("%s", promoted).hasSize(1);
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo(reason);
    assertThat(lsn(loss.path("from"))).isEqualTo(upTo);
    assertThat(promoted.path("notes").toString()).contains(" salvaged: ", bad.toString());
    assertThat(lsn(promoted.path("recoveredTo"))).isEqualTo(upTo);
    assertThat(journal(standby)).isBetween(before + 1, before + 899);
  }

  @Test
  void aFileThatCanNotBeRead() throws Exception {
    Path bad = logs.get(BAD).path();
    Lsn upTo = endOf(BAD - 1);
    Files.move(bad, work.resolve("moved"));
    Files.createDirectory(bad); // as root no right is wanting
    taken("no-access", upTo);
  }

  @Test
  void aFileThatIsGone() throws Exception {
    Lsn upTo = endOf(BAD - 1);
    Files.delete(logs.get(BAD).path());
    taken("log-gap", upTo);
  }

  @Test
  void aFileThatIsCutShort() throws Exception {
    cut(logs.get(BAD).path());
    taken("log-gap", endOf(BAD)); // only who reads it can tell
  }

  /** Recovery could not pass over what is missing there. */
  @Test
  void noSyncLetsInAFileThatIsCutShort() throws Exception {
    cut(logs.get(BAD).path());
    for (List<String> how :
        List.of(
            List.of("-v"),
            List.of("--passive"),
            List.of("--dry-run"),
            List.of("--dry-run", "--passive"))) {
      Refusal.leaving(standby)
          .andSources(home)
          .snapshotNeeded(
              "sync",
              "log-gap",
              logs.get(BAD).path(),
              () ->
                  Cli.json(
                      Stream.concat(Stream.of("sync", "--standby", standby), how.stream())
                          .toArray()));
    }
    failover("--accept-loss").good();
  }

  /** What waits beside the standby is not whole either, and its source has removed it. */
  @Test
  void aFileThatWasNotShippedAsAWhole() throws Exception {
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    for (LogFile log : logs) {
      Path waiting = incoming.resolve(log.path().getFileName());
      Files.copy(log.path(), waiting, StandardCopyOption.REPLACE_EXISTING);
    }
    LogFile waiting =
        new LogFile(logs.get(BAD).number(), incoming.resolve(logs.get(BAD).path().getFileName()));
    cut(waiting.path());
    for (LogFile log : logs.subList(0, BAD + 1)) {
      Files.delete(log.path());
    }
    Lsn upTo = LogEnd.of(waiting, 0);
    taken("log-gap", upTo);
  }

  /** Its shipping was cut off before its first record, and the source is gone. */
  @Test
  void aNextFileWithNothingInItIsNoLoss() throws Exception {
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    for (LogFile log : logs) {
      Files.copy(
          log.path(),
          incoming.resolve(log.path().getFileName()),
          StandardCopyOption.REPLACE_EXISTING);
    }
    long last = logs.get(logs.size() - 1).number();
    Files.createFile(incoming.resolve(LogFile.nameOf(last + 1)));
    long all = journal(home);
    Tree.delete(home);
    Map<String, String> held = Tree.of(standby);
    failover("--dry-run").good();
    assertThat(Tree.of(standby)).isEqualTo(held);
    assertThat(failover().good().has("losses")).isFalse();
    assertThat(journal(standby)).isEqualTo(all);
  }

  /** At a record's end, as a file system does that has dropped the blocks behind it. */
  private static void cut(Path log) throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
      long end = LogEnd.of(new LogFile(1, log), 0).offset();
      channel.truncate(end);
    }
  }
}
