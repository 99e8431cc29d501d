package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log files of the standby's own that are gone when it is to take over; its source is lost. */
final class MissingLogTest {
  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void aWholeSnapshot() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    try (Child application =
        Writer.start(home, "--seconds", "0", "--checkpoint-ms", "0", "--threads", "1")) {
      while (LogFile.in(home).size() < 6) {
        Busy.pause(20);
      }
      Cli.json("snapshot", "--home", home, "--standby", standby).good();
      application.kill();
    }
  }

  private Outcome failover(String how) throws IOException {
    return Cli.json("failover", "--standby", standby, how);
  }

  /** Cleaned up by hand, or their disk is not mounted. */
  @Test
  void allOfThem() throws Exception {
    Tree.delete(home);
    Path away = Files.createDirectory(work.resolve("away"));
    for (LogFile log : LogFile.in(standby)) {
      Files.move(log.path(), away.resolve(log.path().getFileName()));
    }
    for (String how : List.of("--dry-run", "-v", "--fence", "--accept-loss")) {
      Refusal.leaving(standby).snapshotNeeded("failover", "damaged", standby, () -> failover(how));
    }
    for (LogFile log : LogFile.in(away)) {
      Files.move(log.path(), standby.resolve(log.path().getFileName()));
    }
    failover("-v").good();
    Writer.run("check", standby);
  }

  /** As db_archive -d does in a standby: its own checkpoint says that they are not needed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1})
  void oneThatRecoveryNeeds(int index) throws Exception {
    Manifest manifest = ManifestFile.ofStandby(new StandbyDirectory(standby));
    long last = manifest.recoveredTo().file();
    assertThat(last - manifest.firstNeeded()).as("%s", manifest).isGreaterThan(1);
    long number = index < 0 ? last : manifest.firstNeeded() + index;
    Path gone = standby.resolve(LogFile.nameOf(number));
    Path kept = Files.move(gone, work.resolve("kept"));
    Tree.delete(home);
    for (String how : List.of("--dry-run", "-v", "--fence", "--accept-loss")) {
      Refusal.leaving(standby).snapshotNeeded("failover", "log-gap", gone, () -> failover(how));
    }
    Refusal.leaving(standby)
        .snapshotNeeded("recover", "log-gap", gone, () -> Cli.json("recover", "--home", standby));
    Files.move(kept, gone);
    failover("-v").good();
    Writer.run("check", standby);
  }

  /** A cycle that was cut off has removed none that is needed. */
  @Test
  void allOfThemAfterACycleThatWasCutOff() throws Exception {
    StandbyDirectory struck = new StandbyDirectory(standby);
    long last = ManifestFile.ofStandby(struck).recoveredTo().file();
    new UnfinishedCycle(struck).begin();
    Files.createDirectories(struck.incoming());
    for (LogFile log : LogFile.in(home)) {
      if (log.number() >= last) {
        Path copy = struck.incoming().resolve(log.path().getFileName());
        Files.copy(log.path(), copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    assertThat(struck.incoming()).isNotEmptyDirectory();
    Tree.delete(home);
    for (LogFile log : LogFile.in(standby)) {
      Files.delete(log.path());
    }
    Refusal.leaving(standby)
        .snapshotNeeded("failover", "damaged", standby, () -> failover("--accept-loss"));
  }
}
