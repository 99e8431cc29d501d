package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.PageWrites;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void aDirectoryMadeSinceHasTheModeOfItsOriginal() throws Exception {
    Path home = work.resolve("home");
    Path copies = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Standby standby = Standby.at(copies);
    standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE);
    Map<String, String> modes =
        Map.of("closed", "rwx------", "closed/group", "rwxrwx---", "open", "rwxrwxrwx");
    for (String name : List.of("closed", "closed/group", "open")) {
      Files.createDirectory(home.resolve(name));
    }
    for (Map.Entry<String, String> each : modes.entrySet()) {
      Files.setPosixFilePermissions(
          home.resolve(each.getKey()), PosixFilePermissions.fromString(each.getValue()));
    }
    standby.sync(StandbyListener.NONE);
    for (Map.Entry<String, String> each : modes.entrySet()) {
      Path copy = copies.resolve(each.getKey());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
          .as(each.getKey())
          .isEqualTo(each.getValue());
    }
  }

  @Test
  void whatRecoveryMakesHasTheModeOfItsOriginal() throws Exception {
    Path home = work.resolve("home");
    Writer.init(home, "--types", "queue", "--extent", "4", "--config", "add_data_dir data1");
    close(home);
    Path copies = work.resolve("standby");
    Standby standby = Standby.at(copies);
    standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), StandbyListener.NONE);
    List<Path> before = all(home);
    Writer.run("run", home, "--commits", "2000");
    close(home);
    standby.sync(StandbyListener.NONE);
    assertSame(home, copies);
    assertThat(all(home))
        .as("extents made since")
        .anyMatch(
            file ->
                !before.contains(file)
                    && file.getParent().endsWith("data1")
                    && Files.exists(copies.resolve(home.relativize(file))));
  }

  /** There a copy's name is without the data directory that has its original. */
  @Test
  void originalsOfAFlatStandbyAreInTheDataDirectories() throws Exception {
    Path home = work.resolve("home");
    Path first = Files.createDirectories(home.resolve("data1"));
    Path second = Files.createDirectories(home.resolve("data2/inner"));
    Path logs = Files.createDirectories(home.resolve("logs"));
    Path copies = Files.createDirectories(work.resolve("standby/inner")).getParent();
    for (Path file :
        List.of(
            first.resolve("a"),
            second.resolve("b"),
            logs.resolve("log.0000000001"),
            home.resolve("c"))) {
      Files.write(file, new byte[] {1});
    }
    close(home);
    for (String name : List.of("a", "inner/b", "log.0000000001", "c", "d")) {
      Files.setPosixFilePermissions(
          Files.write(copies.resolve(name), new byte[] {1}),
          PosixFilePermissions.fromString("rw-r--r--"));
    }
    Originals originals =
        new Originals(home, logs, Layout.FLAT, List.of(Path.of("data1"), Path.of("./data2")));
    assertThat(
            FilesAtRest.list(
                copies,
                copies,
                Optional.of(originals),
                Map.of(),
                Map.of(),
                new PageWrites(),
                false))
        .hasSize(5);
    for (String name : List.of("a", "inner/b", "log.0000000001", "c", "d")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copies.resolve(name))))
          .as(name)
          .isEqualTo(name.equals("d") ? "rw-r--r--" : "rw-------");
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
