package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standby of the long procedure that is behind a source which has removed log files since: a new
 * snapshot takes its place, and what it had is in the archive, the last of it, too.
 */
final class ReplacedLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path archive;
  private Path before;
  private long last;
  private long offset;

  @BeforeEach
  void aStandby() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    archive = work.resolve("archive");
    before = work.resolve("before");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 300);
    JsonNode end = snapshot().path("recoveredTo");
    last = end.path("file").asLong();
    offset = end.path("offset").asLong();
    Writer.work(home, 600);
    Tree.copy(home, before);
  }

  private JsonNode snapshot(Object... more) throws Exception {
    return Cli.json(Words.archiving(home, standby, archive, more)).good();
  }

  private void removeAtSource() throws Exception {
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    assertThat(LogFile.in(home).get(0).number()).isGreaterThan(last + 1);
    assertThat(Cli.json("sync", "--standby", standby).code()).isEqualTo(4);
  }

  private byte[] kept(long number) throws Exception {
    return Files.readAllBytes(archive.resolve(LogFile.nameOf(number)));
  }

  private byte[] original(long number) throws Exception {
    return Files.readAllBytes(before.resolve(LogFile.nameOf(number)));
  }

  @Test
  void itsLastLogFileIsArchivedUpToWhereItHadCome() throws Exception {
    removeAtSource();
    snapshot();
    assertThat(kept(last)).isEqualTo(Arrays.copyOf(original(last), (int) offset));
    snapshot(); // the archive has it already
  }

  @Test
  void whatWaitedIsArchived() throws Exception {
    Path waiting = new StandbyDirectory(standby).incoming();
    Files.createDirectories(waiting);
    List<Long> numbers = List.of(last, last + 1);
    for (long number : numbers) {
      Path log = Path.of(LogFile.nameOf(number));
      Files.copy(home.resolve(log), waiting.resolve(log));
    }
    removeAtSource();
    JsonNode plan = snapshot("--dry-run");
    assertThat(plan.toString()).contains(waiting.resolve(LogFile.nameOf(last + 1)).toString());
    snapshot();
    for (long number : numbers) {
      assertThat(kept(number)).isEqualTo(original(number));
    }
  }
}
