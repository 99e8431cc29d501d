package io.github.bdbstandby.disks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages that are read while they are written: a plain copy has torn ones, ours never has.
 *
 * <p>{@code bin/test-tears} measures longer, by {@code -Dbdbstandby.tears.seconds=N} for each way
 * of reading, and leaves its figures in {@code target/tears.md}.
 */
final class TearsTest {
  private static final long SECONDS = Long.getLong("bdbstandby.tears.seconds", 0);

  /** Until a plain copy has torn a page; it takes a second at most where nothing else runs. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(240);

  private static final int COPIES = 60;
  private static final int[] PAGE_SIZES = {16384, 65536};
  private static final TearTable TABLE = new TearTable();

  static List<Disk> disks() {
    return Disk.all();
  }

  @ParameterizedTest
  @MethodSource("disks")
  void oursTearsNoPage(Disk disk) throws Exception {
    Tally plain = new Tally();
    Tally direct = new Tally();
    Tally ours = new Tally();
    try (Mounts mounts = new Mounts()) {
      Places places = disk.setting().in(mounts);
      Path file = places.data().resolve("live.db");
      for (int pageSize : PAGE_SIZES) {
        try (Rewriter writer = new Rewriter(places.written().resolve("live.db"), pageSize)) {
          Reading buffered = Reading.by(file, StandardOpenOption.READ);
          if (SECONDS > 0) {
            plain.measure(writer, buffered, SECONDS);
            direct.measure(
                writer,
                Reading.by(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT),
                SECONDS);
          } else if (disk.plain().equals(Disk.TORN)) {
            plain.untilTorn(writer, buffered, PATIENCE);
          }
          if (!disk.isRefused()) {
            Reading copying = Reading.ours(places.home(), file, places.parent());
            if (SECONDS > 0) {
              ours.measure(writer, copying, SECONDS);
            } else {
              ours.times(writer, copying, COPIES);
            }
            assertThat(writer.isAtWork()).isTrue();
          }
        }
      }
    }
    TABLE.add(disk, plain, direct, ours);
    assertThat(ours.torn()).as("pages torn by ours").isZero();
    if (disk.plain().equals(Disk.TORN)) {
      assertThat(plain.torn()).as("pages torn by a plain copy").isPositive();
    }
  }

  /** What stands there is what the tests of this package hold each file system to. */
  @Test
  void readmeHasTheTable() throws IOException {
    assertThat(TearTable.inReadme()).isEqualTo(TearTable.expected());
  }

  @AfterAll
  static void leave() throws IOException {
    TABLE.write();
  }
}
