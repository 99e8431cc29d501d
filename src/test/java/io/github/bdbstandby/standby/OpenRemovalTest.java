package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Transaction;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A transaction that removes a database, or gives it another name, is open where one cycle ends and
 * is committed by the next, which is cut off.
 */
final class OpenRemovalTest extends AttachedApplication {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNoDamage(boolean renames) throws Exception {
    SourceRequest source = open();
    database.close();
    database = null;
    snapshot(source);
    Transaction leaving = environment.beginTransaction(null, null);
    if (renames) {
      environment.renameDatabase(leaving, "a.db", null, "b.db");
    } else {
      environment.removeDatabase(leaving, "a.db", null);
    }
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(standby.directory().resolve("a.db")).exists();
    leaving.commit();

    Path cutOff = work.resolve("cut-off");
    standby.sync(
        SyncOptions.of(source),
        new StandbyListener() {
          @Override
          public void ended(StepReport report) {
            if (report.step() == StepName.RECOVER) {
              keep(cutOff);
            }
          }
        });
    assertThat(standby.directory().resolve("a.db")).doesNotExist();
    assertThat(damage(cutOff)).isEmpty();
    assertThat(damage(standby.directory())).isEmpty();
  }

  /** No page of an extent has its id, by which libdb's recovery would know what to rename. */
  @Test
  void aQueueWithExtentsIsNotFollowed() throws Exception {
    SourceRequest source = open();
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.QUEUE);
    config.setRecordLength(100);
    config.setQueueExtentSize(1);
    Database queue = environment.openDatabase(null, "queue.db", null, config);
    for (int i = 0; i < RECORDS; i++) {
      queue.append(null, new DatabaseEntry(), entry(i));
    }
    queue.close();
    snapshot(source);
    Transaction renaming = environment.beginTransaction(null, null);
    environment.renameDatabase(renaming, "queue.db", null, "other.db");
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    renaming.commit();
    assertThat(thrownBy(() -> standby.sync(SyncOptions.of(source), StandbyListener.NONE)))
        .isInstanceOf(SnapshotNeededException.class)
        .hasMessageContaining("other.db");
  }

  private void keep(Path copy) {
    try {
      Tree.copyAll(standby.directory(), copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> damage(Path directory) {
    return Standby.at(directory).verify(Optional.empty(), StandbyListener.NONE).damage();
  }
}
