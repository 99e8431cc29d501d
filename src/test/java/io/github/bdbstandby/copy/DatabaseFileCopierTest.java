package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.bdbstandby.busy.LoopMount;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the copier lets through, and what it does not. */
final class DatabaseFileCopierTest {
  private static final Lsn FLUSHED = new Lsn(3, 500);

  private static CopiedFile copy(Path directory) throws IOException {
    CopyMethodChoice choice = choice(directory, Optional.empty());
    DatabaseFile live = Pages.only(directory, "live.db");
    return copier()
        .copy(live, choice.of(live.path()), directory.resolve("copy.db"), SmallFiles.ONE_BY_ONE);
  }

  private static DatabaseFileCopier copier() {
    return new DatabaseFileCopier(() -> FLUSHED, CopyProgress.NONE);
  }

  private static CopyMethodChoice choice(Path target, Optional<CopyMethod> asked)
      throws IOException {
    return new CopyMethodChoice(Sharing.OTHER_PROCESS, asked, target);
  }

  @Property(tries = 30)
  void aGoodFileIsCopiedByteForByte(
      @ForAll @IntRange(min = 9, max = 16) int shift,
      @ForAll @IntRange(min = 1, max = 200) int pages,
      @ForAll boolean big)
      throws IOException {
    try (LoopOrTemporary place = LoopOrTemporary.temporary()) {
      byte[] bytes =
          Pages.database(
              1 << shift,
              Math.min(pages, (3 << 20) >> shift),
              big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      Files.write(place.path().resolve("live.db"), bytes);
      CopiedFile copied = copy(place.path());
      assertThat(Files.readAllBytes(copied.target())).isEqualTo(bytes);
      CRC32C crc = new CRC32C();
      crc.update(bytes);
      assertThat(copied.crc32c()).isEqualTo(crc.getValue());
      assertThat(copied.size()).isEqualTo(bytes.length);
    }
  }

  private static void assertBad(LoopOrTemporary place, long page, Consumer<ByteBuffer> damage)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(Pages.database(4096, 300, ByteOrder.LITTLE_ENDIAN))
            .order(ByteOrder.LITTLE_ENDIAN);
    damage.accept(bytes);
    Path live = place.path().resolve("live.db");
    Files.write(live, Arrays.copyOf(bytes.array(), bytes.limit()));
    assertThatThrownBy(() -> copy(place.path()))
        .isInstanceOfSatisfying(
            BadPageException.class,
            bad -> {
              assertThat(bad.page()).isEqualTo(page);
              assertThat(bad.file()).isEqualTo(live);
              assertThat(bad).hasMessageContaining(live.toString());
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "xfs"})
  void badPagesEndTheCopy(String kind) throws IOException {
    try (LoopOrTemporary place = LoopOrTemporary.of(kind)) {
      assertBad(place, 7, bytes -> bytes.putInt(7 * 4096 + 8, 8));
      assertBad(place, 299, bytes -> bytes.putInt(299 * 4096, 3).putInt(299 * 4096 + 4, 500));
      assertBad(place, 0, bytes -> bytes.putInt(0, 4));
      assertBad(place, 299, bytes -> bytes.limit(300 * 4096 - 1024));
      assertBad(place, 256, bytes -> bytes.limit(256 * 4096 + 512));
    }
  }

  @Test
  void pagesNeverWrittenPassAndHolesStay() throws IOException {
    try (LoopOrTemporary place = LoopOrTemporary.temporary()) {
      Path live = place.path().resolve("live.db");
      Files.write(live, Pages.database(4096, 4, ByteOrder.LITTLE_ENDIAN));
      try (RandomAccessFile file = new RandomAccessFile(live.toFile(), "rw")) {
        file.setLength(64L << 20);
      }
      CopiedFile copied = copy(place.path());
      assertThat(Files.mismatch(live, copied.target())).isEqualTo(-1);
      assertThat(blocks(copied.target())).isLessThan(512).isLessThanOrEqualTo(blocks(live) + 256);
    }
  }

  /** Its blocks may be larger than the kernel's pages since Linux 6.12. */
  @Test
  void aDirectReadIsOfWholeBlocks() throws IOException {
    assumeThat(Version.parse(System.getProperty("os.version").replaceAll("[^0-9.].*", "")))
        .isGreaterThanOrEqualTo(Version.parse("6.12"));
    try (LoopMount mount = LoopMount.made(List.of("-b", "size=16384"), "xfs")) {
      Path live = mount.path().resolve("live.db");
      Files.write(live, Pages.database(4096, 301, ByteOrder.LITTLE_ENDIAN));
      CopiedFile copied =
          copier()
              .copy(
                  Pages.only(mount.path(), "live.db"),
                  CopyMethod.DIRECT,
                  mount.path().resolve("copy.db"),
                  SmallFiles.ONE_BY_ONE);
      assertThat(Files.mismatch(live, copied.target())).isEqualTo(-1);
    }
  }

  /** As older kernels refuse to clone between two mounts of one file system. */
  @Test
  void whatCanNotBeClonedIsReadDirectly() throws IOException {
    try (LoopMount here = LoopMount.of("xfs");
        LoopMount there = LoopMount.of("xfs")) {
      Path live = here.path().resolve("live.db");
      Files.write(live, Pages.database(4096, 301, ByteOrder.LITTLE_ENDIAN));
      DatabaseFile file = Pages.only(here.path(), "live.db");
      Path copy = there.path().resolve("copy.db");
      CopyMethodChoice choice = choice(here.path(), Optional.empty());
      assertThat(choice.of(live)).isEqualTo(CopyMethod.REFLINK);
      AtomicReference<CannotCloneException> failure = new AtomicReference<>();
      assertThatExceptionOfType(CannotCloneException.class)
          .isThrownBy(() -> copier().copy(file, CopyMethod.REFLINK, copy, SmallFiles.ONE_BY_ONE))
          .satisfies(failure::set);
      CopyMethod instead = choice.insteadOfClone(live, failure.get());
      assertThat(instead).isEqualTo(CopyMethod.DIRECT).isEqualTo(choice.of(live));
      copier().copy(file, instead, copy, SmallFiles.ONE_BY_ONE);
      assertThat(Files.mismatch(live, copy)).isEqualTo(-1);
      CopyMethodChoice asked = choice(here.path(), Optional.of(CopyMethod.REFLINK));
      assertThatThrownBy(() -> asked.insteadOfClone(live, failure.get())).isSameAs(failure.get());
    }
  }

  private static long blocks(Path file) {
    return Long.parseLong(Run.of("stat", "-c", "%b", file.toString()).good().out().strip());
  }

  /** A directory on the disk that we have, or on a file system of its own. */
  private record LoopOrTemporary(AutoCloseable resource, Path path) implements AutoCloseable {
    static LoopOrTemporary temporary() throws IOException {
      Temporary directory = Temporary.directory();
      return new LoopOrTemporary(directory, directory.path());
    }

    static LoopOrTemporary of(String kind) throws IOException {
      if (kind.equals("plain")) {
        return temporary();
      }
      LoopMount mount = LoopMount.of(kind);
      return new LoopOrTemporary(mount, mount.path());
    }

    @Override
    public void close() throws IOException {
      try {
        resource.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
