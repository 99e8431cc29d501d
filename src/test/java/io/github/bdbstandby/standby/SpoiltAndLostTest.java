package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.LogEnd;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Log that was shipped and that the standby's disk has spoilt since; its source is gone. */
final class SpoiltAndLostTest {
  /** More than a record's header. */
  private static final int IN_FIRST_RECORD = 40;

  @TempDir Path work;
  private Path home;
  private Path standby;
  private long before;
  private List<LogFile> waiting;

  @BeforeEach
  void allWasShipped() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    before = Writer.run("check", home).path("journal").asLong();
    Writer.work(home, 900);
    Path incoming = Files.createDirectories(new StandbyDirectory(standby).incoming());
    for (LogFile log : LogFile.in(home)) {
      Path copy = incoming.resolve(log.path().getFileName());
      Files.copy(log.path(), copy, StandardCopyOption.REPLACE_EXISTING);
    }
    waiting = LogFile.in(incoming);
    assertThat(waiting).hasSizeGreaterThan(5);
  }

  private void spoil(LogFile log, String where) throws IOException {
    long middle = where.startsWith("header") ? boundary(log) : LogEnd.of(log, 0).offset() / 2;
    if (where.startsWith("header")) {
      middle += Long.parseLong(where.substring("header ".length()));
    }
    try (FileChannel bytes = FileChannel.open(log.path(), StandardOpenOption.WRITE)) {
      if (where.equals("cut short")) {
        bytes.truncate(middle);
      } else {
        byte[] other = "spoilt".getBytes(StandardCharsets.US_ASCII);
        bytes.write(
            ByteBuffer.wrap(other), where.equals("first record") ? IN_FIRST_RECORD : middle);
      }
    }
  }

  /** Where a record in the middle of one begins, as libdb's own program prints it. */
  private long boundary(LogFile log) {
    Matcher record =
        Pattern.compile("(?m)^\\[" + log.number() + "]\\[(\\d+)]")
            .matcher(Run.of("db5.3_printlog", "-h", home.toString()).good().out());
    List<Long> begins = record.results().map(each -> Long.parseLong(each.group(1))).toList();
    return begins.get(begins.size() / 2);
  }

  private Outcome failover(Object... more) throws IOException {
    Object[] all = new Object[more.length + 3];
    System.arraycopy(new Object[] {"failover", "--standby", standby}, 0, all, 0, 3);
    System.arraycopy(more, 0, all, 3, more.length);
    return Cli.json(all);
  }

  @ParameterizedTest
  @CsvSource({
    "0, middle, -v",
    "2, middle, --fence",
    "2, first record, -v",
    "4, first record, --fence",
    "2, cut short, --fence",
    "2, header 0, -v", // where its headers lead on no more, others follow
    "2, header 4, --fence",
    "-1, header 0, -v", // which leads nowhere then
    "-1, header 4, -v",
    "-1, header -3, -v", // and the record before has a wrong sum
    "-1, first record, -v",
    "-1, middle, -v"
  })
  void isRefusedAndWhatIsBeforeItCanBeHad(int index, String where, String how) throws Exception {
    LogFile bad = waiting.get(index < 0 ? waiting.size() + index : index);
    spoil(bad, where);
    Tree.delete(home);
    for (String each : List.of("--dry-run", how)) {
      Refusal.leaving(standby)
          .snapshotNeeded("failover", "log-gap", bad.path(), () -> failover(each));
    }
    JsonNode promoted = failover("--accept-loss", how).good();
    assertThat(promoted.path("losses")).as("%s", promoted).hasSize(1);
    JsonNode loss = promoted.path("losses").path(0);
    assertThat(loss.path("reason").asText()).isEqualTo("log-gap");
    assertThat(loss.path("from")).isEqualTo(promoted.path("recoveredTo"));
    assertThat(loss.path("message").asText()).contains(bad.path().toString());
    assertThat(Writer.run("check", standby).path("journal").asLong())
        .isBetween(before, before + 899);
  }
}
