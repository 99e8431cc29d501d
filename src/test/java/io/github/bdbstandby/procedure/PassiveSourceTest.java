package io.github.bdbstandby.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.libdb.Subsystem;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a log by its files alone. */
final class PassiveSourceTest {
  /** Less would be no record's length. */
  private static final int SMALLEST = 12;

  @TempDir private Path work;
  private Path home;

  @BeforeEach
  void environment() throws Exception {
    home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 300);
    Writer.work(home, 2000, "--checkpoint-ms", "0");
    Writer.run("remove-environment", home, "--force");
  }

  @Test
  void theLastCheckpointMayLieFilesBack() throws Exception {
    List<LogFile> logs = LogFile.in(home);
    Lsn needed;
    try (DbEnvironment log =
        DbEnvironment.openPrivate(home, Set.of(Subsystem.LOG), EnvironmentOptions.defaults())) {
      needed = LastCheckpoint.in(log).orElseThrow();
    }
    assertThat(logs.get(logs.size() - 1).number()).isGreaterThan(needed.file() + 2);
    try (PassiveSource source = new PassiveSource(home, EnvironmentOptions.defaults())) {
      assertThat(source.firstNeeded()).hasValue(needed.file());
    }
  }

  /** libdb writes its buffer when that is full, be it in the middle of a record's length. */
  @Test
  void aHeaderThatIsHalfWrittenIsReadAgain() throws Exception {
    LogFile whole = LogFile.in(home).get(0);
    byte[] bytes = Files.readAllBytes(whole.path());
    int cut = inALength(whole) + 1;
    Path half = Files.createDirectory(work.resolve("half"));
    Path log = half.resolve(LogFile.nameOf(whole.number()));
    byte[] begun = Arrays.copyOf(bytes, cut);
    Files.write(log, Arrays.copyOf(begun, bytes.length));
    try (PassiveSource source = new PassiveSource(half, EnvironmentOptions.defaults())) {
      source.flushed();
      Files.write(log, bytes);
      assertThat(source.flushed()).isEqualTo(LogEnd.of(whole, 0));
    }
  }

  /** Of a record that is longer than its first byte says. */
  private static int inALength(LogFile log) throws IOException {
    try (FileChannel channel = RegularFile.open(log.path())) {
      RecordHeaders records = new RecordHeaders(channel, 0);
      while (records.next()) {
        if (records.length() > 255 && (records.length() & 0xFF) >= SMALLEST) {
          return (int) records.begin() + Integer.BYTES;
        }
      }
    }
    throw new IllegalStateException("no such record");
  }
}
