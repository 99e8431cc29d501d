package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.busy.LoopMount;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading pages while they are rewritten, on each kind of file system. */
final class CopyOnFileSystemsTest {
  private static final int PAGE = 16384;
  private static final int PAGES = 64;
  private static final int COPIES = 400;
  private static final Lsn FAR = new Lsn(0xFFFFFFFFL, 0);

  @ParameterizedTest
  @CsvSource({"ext4,DIRECT", "xfs,REFLINK", "btrfs,REFLINK"})
  void theBestMethodTearsNoPage(String type, CopyMethod method) throws Exception {
    try (LoopMount mount = LoopMount.of(type)) {
      assertNoTornCopy(mount.path(), Optional.empty(), method);
    }
  }

  @Test
  void directReadsTearNoPageOnXfs() throws Exception {
    try (LoopMount mount = LoopMount.of("xfs")) {
      assertNoTornCopy(mount.path(), Optional.of(CopyMethod.DIRECT), CopyMethod.DIRECT);
    }
  }

  private static void assertNoTornCopy(Path directory, Optional<CopyMethod> asked, CopyMethod used)
      throws Exception {
    CopyMethodChoice choice = new CopyMethodChoice(Sharing.OTHER_PROCESS, asked, directory);
    assertThat(choice.in(directory)).isEqualTo(used);
    try (Rewriter writer = new Rewriter(directory.resolve("live.db"))) {
      DatabaseFileCopier copier = new DatabaseFileCopier(choice, () -> FAR, CopyProgress.NONE);
      Path copy = directory.resolve("copy.db");
      for (int i = 0; i < COPIES; i++) {
        copier.copy(only(directory, "live.db"), copy);
        assertThat(torn(copy)).isZero();
        Files.delete(copy);
      }
      writer.assertAtWork();
    }
  }

  @Test
  void aPlainCopyTearsPagesOnExt4() throws Exception {
    try (LoopMount mount = LoopMount.of("ext4");
        Rewriter writer = new Rewriter(mount.path().resolve("live.db"))) {
      int torn = 0;
      for (int i = 0; i < 20_000 && torn == 0; i++) {
        torn += torn(mount.path().resolve("live.db"));
      }
      writer.assertGood();
      assertThat(torn).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs", "ext4"})
  void whereNothingIsPageAtomicALiveFileIsRefused(String type) throws IOException {
    try (LoopMount mount =
        type.equals("ext4") ? LoopMount.of(type, "data=journal") : LoopMount.of(type)) {
      Path path = mount.path();
      for (Optional<CopyMethod> asked :
          Set.of(Optional.<CopyMethod>empty(), Optional.of(CopyMethod.DIRECT))) {
        assertThatThrownBy(() -> new CopyMethodChoice(Sharing.OTHER_PROCESS, asked, path).in(path))
            .isInstanceOf(NoPageAtomicReadException.class);
      }
      assertThat(new CopyMethodChoice(Sharing.NOBODY, Optional.empty(), path).in(path))
          .isEqualTo(CopyMethod.AT_REST);
      assertThat(new CopyMethodChoice(Sharing.SAME_LIFE, Optional.empty(), path).in(path))
          .isEqualTo(CopyMethod.COORDINATED);
    }
  }

  @Test
  void aCloneNeedsTheSameFileSystem() throws IOException {
    try (LoopMount from = LoopMount.of("xfs");
        LoopMount to = LoopMount.of("xfs")) {
      CopyMethodChoice choice =
          new CopyMethodChoice(Sharing.OTHER_PROCESS, Optional.empty(), to.path());
      assertThat(choice.in(from.path())).isEqualTo(CopyMethod.DIRECT);
    }
  }

  /** Pages whose two ends bear different stamps. */
  private static int torn(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int torn = 0;
    for (int page = 1; page < PAGES; page++) {
      torn += bytes.getInt(page * PAGE + 4) == bytes.getInt((page + 1) * PAGE - 4) ? 0 : 1;
    }
    return torn;
  }

  static DatabaseFile only(Path directory, String name) throws IOException {
    return EnvironmentFiles.in(directory, directory, Set.of()).databases().stream()
        .filter(file -> file.relative().equals(Path.of(name)))
        .findFirst()
        .orElseThrow();
  }

  /** Writes whole pages in place, as libdb does, each with a number at both ends. */
  private static final class Rewriter implements AutoCloseable {
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile long rounds;

    Rewriter(Path file) throws IOException {
      Files.write(file, Pages.database(PAGE, PAGES, ByteOrder.LITTLE_ENDIAN));
      thread = new Thread(() -> write(file), "rewriter");
      thread.setDaemon(true);
      thread.start();
    }

    private void write(Path file) {
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE).order(ByteOrder.LITTLE_ENDIAN);
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
        for (int stamp = 1; !closing.get(); stamp++) {
          for (int number = 1; number < PAGES; number++) {
            page.putInt(0, 1).putInt(4, stamp).putInt(8, number).putInt(PAGE - 4, stamp);
            out.write(page.clear(), (long) number * PAGE);
          }
          rounds = stamp;
        }
      } catch (IOException e) {
        failure.set(e);
      }
    }

    void assertGood() {
      assertThat(failure.get()).isNull();
    }

    void assertAtWork() {
      assertGood();
      assertThat(rounds).isGreaterThan(10);
    }

    @Override
    public void close() throws InterruptedException {
      closing.set(true);
      thread.join();
    }
  }
}
