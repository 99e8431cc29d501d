package io.github.bdbstandby.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes next of a log, and what is missed. */
final class UpcomingLogTest {
  @TempDir private Path directory;

  private Path log(long number, String content) throws IOException {
    return Files.writeString(directory.resolve(LogFile.nameOf(number)), content);
  }

  private void changed(Instant when) throws IOException {
    Files.setLastModifiedTime(directory, FileTime.from(when));
  }

  private static long next(UpcomingLog upcoming) throws IOException {
    long number = upcoming.number();
    Optional<FileChannel> log = upcoming.open();
    if (log.isPresent()) {
      log.get().close();
      return number;
    }
    return 0;
  }

  @Test
  void filesComeInTheirOrderWhenTheyHaveBytes() throws IOException {
    UpcomingLog upcoming = new UpcomingLog(directory, 3, 5);
    assertThat(next(upcoming)).isZero();
    log(3, "");
    assertThat(next(upcoming)).isZero();
    log(3, "bytes");
    log(4, "bytes");
    log(5, "is left out");
    assertThat(next(upcoming)).isEqualTo(3);
    assertThat(next(upcoming)).isEqualTo(4);
    assertThat(next(upcoming)).isZero();
  }

  @Test
  void oneThatAppearsWithoutATraceInTheDirectorysTimeIsSeen() throws IOException {
    Instant old = Instant.now().minus(Duration.ofHours(1));
    UpcomingLog upcoming = new UpcomingLog(directory, 3, Long.MAX_VALUE);
    log(2, "bytes");
    changed(old);
    assertThat(next(upcoming)).isZero();
    assertThat(next(upcoming)).isZero();
    log(3, "bytes");
    changed(old);
    assertThat(next(upcoming)).isEqualTo(3);
  }

  @Test
  void oneThatWasRemovedIsAGap() throws IOException {
    UpcomingLog upcoming = new UpcomingLog(directory, 3, Long.MAX_VALUE);
    changed(Instant.now().minus(Duration.ofHours(1)));
    assertThat(next(upcoming)).isZero();
    log(4, "bytes");
    assertThatThrownBy(upcoming::open)
        .isInstanceOfSatisfying(
            LogGapException.class,
            gap -> assertThat(gap.missing()).isEqualTo(directory.resolve(LogFile.nameOf(3))));
  }

  @Test
  void aGapIsToldAlsoWhereTheDirectoryHadChangedJustBefore() throws IOException {
    Instant now = Instant.now();
    UpcomingLog upcoming = new UpcomingLog(directory, 3, Long.MAX_VALUE);
    changed(now);
    assertThat(next(upcoming)).isZero();
    log(4, "bytes");
    changed(now); // within one tick of the file system's clock
    assertThatThrownBy(upcoming::open).isInstanceOf(LogGapException.class);
  }

  @Test
  void aDirectoryThatIsAwayIsNoEndOfTheLog() throws IOException {
    UpcomingLog upcoming = new UpcomingLog(directory, 3, Long.MAX_VALUE);
    assertThat(next(upcoming)).isZero();
    Files.delete(directory);
    assertThatThrownBy(upcoming::open).isInstanceOf(NoSuchFileException.class);
    Files.createDirectory(directory); // as it was, to be cleared away
  }
}
