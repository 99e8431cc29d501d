package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.CheckpointConfig;
import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Transaction;
import io.github.bdbstandby.libdb.LogFile;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The making of a database was aborted, which leaves nothing in the log. A checkpoint has named the
 * database, and what tells of its making is in an earlier log file than recovery of a copy needs.
 */
final class AbortedCreationTest extends AttachedApplication {
  @Test
  void isInTheWayOfNoSnapshot() throws Exception {
    SourceRequest source =
        open(
            config -> {
              config.setLogBufferSize(32_768);
              config.setMaxLogFileSize(262_144);
            });
    openDatabase();
    Transaction making = environment.beginTransaction(null, null);
    DatabaseConfig config = new DatabaseConfig();
    config.setType(DatabaseType.BTREE);
    config.setAllowCreate(true);
    Database aborted = environment.openDatabase(making, "aborted.db", null, config);
    aborted.put(making, entry(0), entry(0));
    for (int records = 0; LogFile.in(home).size() < 2; records += 100) {
      put(records, records + 100);
    }
    checkpoint();
    aborted.close();
    making.abort();
    checkpoint();
    assertThat(home.resolve("aborted.db")).doesNotExist();
    snapshot(source);
    assertThat(LogFile.in(standby.directory())).first().extracting(LogFile::number).isEqualTo(2L);
    assertThat(standby.directory().resolve("aborted.db")).doesNotExist();
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isPositive();
  }

  /** It was open where the standby's history ends: only what lies below tells of its making. */
  @Test
  void isInTheWayOfNoPlan() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    Transaction making = environment.beginTransaction(null, null);
    DatabaseConfig config = new DatabaseConfig();
    config.setType(DatabaseType.BTREE);
    config.setAllowCreate(true);
    Database aborted = environment.openDatabase(making, "aborted.db", null, config);
    aborted.put(making, entry(0), entry(0));
    put(1000, 1100);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    checkpoint();
    aborted.close();
    making.abort();
    put(1100, 1200);
    assertThat(home.resolve("aborted.db")).doesNotExist();
    assertThat(standby.planSync(SyncOptions.of(source))).isNotEmpty();
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isPositive();
  }

  private void checkpoint() throws Exception {
    CheckpointConfig forced = new CheckpointConfig();
    forced.setForce(true);
    environment.checkpoint(forced);
  }
}
