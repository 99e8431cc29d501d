package io.github.bdbstandby.standby;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.testkit.Mount;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the application's that grow while they are copied, or beyond the standby's disk. */
final class GrowingFileTest {
  /** So that a copy without end has one. */
  private static final long MOST_BYTES = 256L << 20;

  @TempDir Path work;
  private Path home;
  private Path notes;

  @BeforeEach
  void source() throws Exception {
    home = work.resolve("home");
    notes = home.resolve("notes");
    Writer.init(home, "--types", "btree", "--accounts", "100");
  }

  /** No zeros, which take no room. */
  private static byte[] bytes(int megabytes, int value) {
    byte[] bytes = new byte[megabytes << 20];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Outcome sync(Path standby) throws IOException {
    return Cli.json("sync", "--standby", standby);
  }

  @Test
  void aSnapshotEndsThoughItGrowsAsFast() throws Exception {
    Files.write(notes, bytes(2, 1));
    Standby standby = Standby.at(work.resolve("standby"));
    standby.snapshot(
        SourceRequest.of(home),
        SnapshotOptions.defaults(),
        new StandbyListener() {
          @Override
          public void copied(StepName step, long bytes) {
            try {
              if (Files.size(notes) < MOST_BYTES) {
                Files.write(notes, bytes(2, 2), StandardOpenOption.APPEND);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    assertThat(Files.size(notes)).isLessThan(MOST_BYTES);
    assertThat(Files.size(standby.directory().resolve("notes"))).isLessThan(Files.size(notes));
    sync(standby.directory()).good();
    assertThat(Files.mismatch(notes, standby.directory().resolve("notes"))).isEqualTo(-1);
  }

  @Test
  void aSyncCopiesWhatItHasListed() throws Exception {
    Path standby = work.resolve("standby");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Files.write(notes, bytes(64, 1));
    Path copy = standby.resolve("notes");
    Thread application = new Thread(() -> appendOnce(DurableFiles.temporary(copy)));
    application.start();
    try {
      sync(standby).good();
    } finally {
      application.interrupt();
      application.join();
    }
    Manifest.FileAtRest known =
        ManifestFile.ofStandby(new StandbyDirectory(standby)).files().get("notes");
    assertThat(known.source()).startsWith(known.size() + "@");
    assertThat(Files.mismatch(notes, copy)).isIn(-1L, Files.size(copy));
    sync(standby).good();
    assertThat(Files.mismatch(notes, copy)).isEqualTo(-1);
    Cli.json("failover", "--standby", standby).good();
  }

  /** From when it is being copied on, without a pause, until interrupted. */
  private void appendOnce(Path begun) {
    byte[] line = bytes(1, 'x');
    try (OutputStream out = Files.newOutputStream(notes, StandardOpenOption.APPEND)) {
      while (!Files.exists(begun) && !Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      for (long at = Files.size(notes);
          at < MOST_BYTES && !Thread.currentThread().isInterrupted();
          at += line.length) {
        out.write(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneThatIsTooLargeIsRefusedBeforeAnythingIsTouched() throws Exception {
    try (Mount disk = Mount.tmpfs(work.resolve("disk"), "32m")) {
      Path standby = disk.point().resolve("standby");
      Files.write(notes, bytes(8, 1));
      Files.write(home.resolve("more"), bytes(8, 1));
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Path dump = Files.write(home.resolve("dump.txt"), bytes(20, 1));
      Refusal.leaving(standby)
          .andSources(home)
          .refused("sync", "disk-full", standby, () -> sync(standby));
      Refusal.leaving(standby)
          .andSources(home)
          .refused(
              "sync",
              "disk-full",
              standby,
              () -> Cli.json("sync", "--standby", standby, "--dry-run"));

      Files.delete(dump);
      // Each takes the place of what it was: there is room for one more, and no need for two.
      Files.write(notes, bytes(8, 2));
      Files.write(home.resolve("more"), bytes(8, 2));
      sync(standby).good();
      assertThat(Files.mismatch(notes, standby.resolve("notes"))).isEqualTo(-1);
      Cli.json("failover", "--standby", standby).good();
    }
  }

  @Test
  void oneOfHolesTakesTheRoomOfWhatIsInIt() throws Exception {
    try (Mount disk = Mount.tmpfs(work.resolve("disk"), "64m")) {
      Path standby = disk.point().resolve("standby");
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      Path map = home.resolve("map");
      try (FileChannel channel = FileChannel.open(map, CREATE, WRITE)) {
        channel.write(ByteBuffer.wrap(bytes(1, 1)), 512L << 20);
        channel.write(ByteBuffer.wrap(new byte[] {2}), (1L << 30) - 1);
      }
      sync(standby).good();
      assertThat(Files.mismatch(map, standby.resolve("map"))).isEqualTo(-1);

      // What it makes room for is no more than that either.
      Files.write(map, bytes(20, 3), WRITE);
      Path dump = Files.write(home.resolve("zdump"), bytes(45, 4));
      assertThat(sync(standby).out()).contains("disk-full");
      Files.delete(dump);
      sync(standby).good();
      assertThat(Files.mismatch(map, standby.resolve("map"))).isEqualTo(-1);
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      assertThat(Files.mismatch(map, standby.resolve("map"))).isEqualTo(-1);
    }
  }
}
