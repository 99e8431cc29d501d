package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Words;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power cut may not take from the archive what has been removed from the source. */
final class DurableArchiveTest {
  private static final String REMOVED = "unlink source/log";

  @TempDir Path work;
  private Path home;
  private Path archive;

  @BeforeEach
  void aSourceWithInactiveLog() throws Exception {
    home = work.resolve("home");
    archive = Files.createDirectory(work.resolve("shelf")).resolve("archive");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 600);
    Writer.run("checkpoint", home); // the last one of the work may be from its beginning
  }

  /** What a snapshot by the long procedure does until it removes the first file. */
  private List<String> before() throws Exception {
    Path trace = work.resolve("trace");
    String watched = "source=" + home + ":shelf=" + archive.getParent();
    Path standby = work.resolve("standby");
    try (Child snapshot =
        Cli.start(
            Struck.variables(watched, trace, Optional.empty(), Optional.empty()),
            work,
            Words.archiving(home, standby, archive))) {
      Child.Ended ended = snapshot.await();
      assertThat(ended.code()).as("%s", ended).isZero();
    }
    List<String> operations = Trace.read(trace).operations();
    assertThat(operations).contains(REMOVED);
    return operations.subList(0, operations.indexOf(REMOVED));
  }

  @Test
  void theDirectoryIsDurable() throws Exception {
    assertThat(before()).contains("fsync shelf");
  }

  /** A run that was killed has left them, or somebody else. */
  @Test
  void soAreFilesThatWereThereAlready() throws Exception {
    Files.createDirectory(archive);
    List<LogFile> all = LogFile.in(home);
    for (LogFile log : all.subList(0, all.size() - 1)) {
      Files.copy(log.path(), archive.resolve(log.path().getFileName()));
    }
    assertThat(before()).contains("fsync shelf/log", "fsync shelf/directory");
  }

  /** Who keeps backups takes the right to write to them away. */
  @Test
  void theyMayBeWriteProtected() throws Exception {
    List<String> unprivileged = Unprivileged.prefix();
    Files.createDirectory(archive);
    Path first = LogFile.in(home).get(0).path();
    Path kept = Files.copy(first, archive.resolve(first.getFileName()));
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("r--r--r--"));
    Path standby = work.resolve("standby");
    Cli.jsonBy(unprivileged, Words.archiving(home, standby, archive)).good();
    assertThat(first).doesNotExist();
  }
}
