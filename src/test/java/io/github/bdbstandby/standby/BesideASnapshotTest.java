package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens at the source while a snapshot of it is taken. */
final class BesideASnapshotTest {
  @TempDir Path work;
  private Path home;
  private Standby standby;

  /** What happens. */
  private interface Event {
    void happen() throws Exception;
  }

  @BeforeEach
  void aSource() throws Exception {
    home = work.resolve("home");
    standby = Standby.at(work.resolve("standby"));
    Writer.init(home, "--types", "btree");
    Writer.work(home, 100);
  }

  private void snapshot(StandbyListener listener) {
    standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), listener);
  }

  private static void happen(Event event) {
    try {
      event.happen();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static StandbyListener asRecoveryBegins(Event event) {
    return new StandbyListener() {
      @Override
      public void began(StepName step, long bytes) {
        if (step == StepName.RECOVER) {
          happen(event);
        }
      }
    };
  }

  private static StandbyListener whenDatabasesAreCopied(Event event) {
    return new StandbyListener() {
      @Override
      public void ended(StepReport report) {
        if (report.step() == StepName.COPY_DATABASES) {
          happen(event);
        }
      }
    };
  }

  private void work() throws Exception {
    Writer.work(home, 300);
  }

  /** Recovery of a large image takes minutes, and its source may be lost right after that. */
  @Test
  void whatIsCommittedWhileTheImageIsRecoveredIsShipped() throws Exception {
    try (Child application = Writer.idle(home)) {
      snapshot(asRecoveryBegins(this::work));
      snapshot(asRecoveryBegins(this::work)); // what waited for the old one is not in the way
      application.kill();
    }
    JsonNode expected = Writer.run("check", home).path("journal");
    Tree.delete(home);
    Cli.json("failover", "--standby", standby.directory()).good();
    assertThat(Writer.run("check", standby.directory()).path("journal")).isEqualTo(expected);
  }

  /** As start scripts do that remove old regions: those which we hold answer as if in use. */
  @Test
  void aLoadInBulkInRegionsMadeAnewIsNotMissedInSilence() throws Exception {
    try (Child application = Writer.idle(home)) {
      assertThatThrownBy(() -> snapshot(whenDatabasesAreCopied(this::makeRegionsAnew)))
          .isInstanceOfSatisfying(
              StandbyException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.SOURCE_STUCK))
          .hasMessageContaining(home.toString());
      application.kill();
    }
    assertThat(standby.directory()).doesNotExist();
    snapshot(StandbyListener.NONE);
  }

  private void makeRegionsAnew() throws Exception {
    for (Path region : Tree.regions(home)) {
      Files.delete(region);
    }
    Writer.work(home, 10, "--recover");
  }
}
