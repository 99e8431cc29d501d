package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Operation;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The long procedure, beside somebody else who removes log files from the source. */
final class ArchiveBesideRemovalTest {
  @TempDir Path work;
  private Path home;
  private Path standby;
  private Path archive;

  @BeforeEach
  void followed() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    archive = work.resolve("archive");
    Writer.init(home, "--types", "btree");
    Cli.json(Words.archiving(home, standby, archive)).good();
    Writer.work(home, 1500);
    Writer.run("checkpoint", home);
  }

  @Test
  void whatIsRemovedWhileItIsArchived() throws Exception {
    List<LogFile> before = LogFile.in(home);
    Map<String, String> stopping =
        Operation.struck(archive, "create standby/new-log#2", "stop-before");
    try (Child sync = Cli.start(stopping, work, "sync", "--standby", standby, "--json")) {
      sync.awaitStop();
      Writer.run("archive", home, "--remove");
      List<LogFile> after = LogFile.in(home);
      assertThat(after).hasSizeLessThan(before.size() - 2);
      sync.signal("CONT");
      Child.Ended ended = sync.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      long first = before.get(0).number();
      long left = after.get(0).number();
      assertThat(LogFile.in(archive))
          .extracting(LogFile::number)
          .containsExactlyElementsOf(LongStream.range(first, left).boxed().toList());
    }
    Cli.json("verify", "--standby", standby).good();
  }

  /** It would be told that its files are safe, and remove them. */
  @Test
  void theSourceItselfIsNoArchive() throws Exception {
    List<LogFile> before = LogFile.in(home);
    Files.deleteIfExists(archive);
    Files.createSymbolicLink(archive, home);
    Refusal.leaving(standby)
        .andSources(home)
        .refused("sync", "same-directory", archive, () -> Cli.json("sync", "--standby", standby));
    assertThat(LogFile.in(home)).hasSameSizeAs(before);
    Files.delete(archive);
    Files.createDirectory(archive);
    Cli.json("sync", "--standby", standby).good();
  }
}
