package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody may read a standby's files who could not read the source's. */
final class FileModesTest {
  @TempDir Path work;

  @Test
  void aCopyHasTheModeOfItsOriginal() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--subdir", "inner");
    Path notes = Files.write(home.resolve("notes"), new byte[] {1});
    close(home);
    Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("r--r-----"));
    Standby standby = Standby.at(work.resolve("standby"));
    try (Child application = Writer.idle(home)) {
      standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE);
      assertSame(home, work.resolve("standby"));

      Writer.run("run", home, "--commits", "3000", "--log-size", "262144");
      Path added = Files.write(home.resolve("added"), new byte[] {2});
      close(home);
      Files.setPosixFilePermissions(notes, PosixFilePermissions.fromString("r--r-----"));
      Files.setPosixFilePermissions(added, PosixFilePermissions.fromString("rwx------"));
      standby.sync(StandbyListener.NONE);
      assertSame(home, work.resolve("standby"));
      assertThat(application.isAlive()).isTrue();
    }
  }

  @Test
  void aFileThatWentLeavesNothing() {
    Path copy = work.resolve("copy");
    assertThatThrownBy(() -> PlainCopier.copy(work.resolve("gone"), copy, CopyProgress.NONE))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(copy).doesNotExist();
  }

  /** As an application does that has a umask of 077. */
  private static void close(Path home) throws IOException {
    for (Path each : all(home)) {
      Files.setPosixFilePermissions(
          each,
          PosixFilePermissions.fromString(Files.isDirectory(each) ? "rwx------" : "rw-------"));
    }
  }

  private static List<Path> all(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.toList();
    }
  }

  private static void assertSame(Path home, Path standby) throws IOException {
    int compared = 0;
    for (Path each : all(home)) {
      Path copy = standby.resolve(home.relativize(each));
      if (Files.exists(copy)) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
            .as(copy.toString())
            .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }
}
