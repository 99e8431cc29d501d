package io.github.bdbstandby.standby;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of 255 bytes, the longest that there are, leave no room for a suffix of ours. */
final class LongNamesTest {
  private static final String DATABASE = "d".repeat(252) + ".db";
  private static final List<Path> OTHERS =
      List.of(
          Path.of("o".repeat(255)),
          Path.of("p".repeat(254) + "1"),
          Path.of("p".repeat(254) + "2"),
          Path.of("deep", "q".repeat(238)),
          Path.of("deep", "q".repeat(239)),
          FileNames.toPath(FileNames.decode("\u00FC".repeat(255).getBytes(ISO_8859_1))));

  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Files.createDirectory(home.resolve("deep"));
    Writer.run("create", home, "--db", DATABASE);
    write(home, 1);
  }

  private static void write(Path where, int version) throws Exception {
    for (Path each : OTHERS) {
      Files.writeString(
          where.resolve(each), each.getFileName().toString().length() + "." + version);
    }
    Writer.run("put", where, "--db", DATABASE, "--key", "key00001", "--value", "version" + version);
  }

  private void assertSame(Path one, Path other) throws Exception {
    for (Path each : OTHERS) {
      assertThat(other.resolve(each)).hasSameBinaryContentAs(one.resolve(each));
    }
    assertThat(dump(other)).isEqualTo(dump(one));
    assertThat(Writer.run("check", other)).isEqualTo(Writer.run("check", one));
  }

  private static String dump(Path where) {
    String database = where.resolve(DATABASE).toString();
    return Run.of("db5.3_dump", "-p", database).good().out();
  }

  @Test
  void thereAndBack() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertSame(home, standby);
    write(home, 22);
    Cli.json("sync", "--standby", standby).good();
    assertSame(home, standby);
    Cli.json("verify", "--drill", "--standby", standby).good();
    try (Child application = Writer.idle(home)) {
      write(home, 333);
      Cli.json("sync", "--standby", standby).good();
      assertThat(application.stop().code()).isZero();
    }
    Cli.json("failover", "--standby", standby).good();
    assertSame(home, standby);
    write(standby, 4444);
    Cli.json("snapshot", "--home", standby, "--standby", home).good();
    write(standby, 55555);
    Cli.json("sync", "--standby", home).good();
    Cli.json("failover", "--standby", home).good();
    assertSame(standby, home);
  }

  /** A process that died in the middle of a file leaves it; whoever comes next takes it away. */
  @Test
  void whatWasBeingWrittenGoes() throws Exception {
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    for (String command : List.of("sync", "failover")) {
      new UnfinishedCycle(new StandbyDirectory(standby)).begin();
      for (Path each : OTHERS) {
        Path left = DurableFiles.temporary(standby.resolve(each));
        assertThat(FileNames.encode(FileNames.toName(left.getFileName())))
            .hasSizeLessThanOrEqualTo(255);
        assertThat(left.getParent()).isEqualTo(standby.resolve(each).getParent());
        Files.writeString(left, "half");
      }
      Cli.json("status", "--standby", standby).good();
      Cli.json(command, "--standby", standby).good();
      for (Path each : OTHERS) {
        assertThat(DurableFiles.temporary(standby.resolve(each))).doesNotExist();
      }
    }
    assertSame(home, standby);
  }

  /** What such a process has left in a home that was a standby once is not the application's. */
  @Test
  void whatWasBeingWrittenIsNotCopied() throws Exception {
    Path left = DurableFiles.temporary(home.resolve(OTHERS.get(0)));
    Files.writeString(left, "half");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertThat(standby.resolve(left.getFileName())).doesNotExist();
    assertSame(home, standby);
  }
}
