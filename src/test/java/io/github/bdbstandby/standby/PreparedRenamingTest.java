package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A transaction that renames a database, has been prepared, and waits to be decided on. */
final class PreparedRenamingTest extends AttachedApplication {
  @Test
  void isFollowedBeforeItIsCommittedAndAfter() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    closeDatabase();
    environment.renameDatabase(null, "a.db", null, "b.db");
    Transaction renaming = prepared("b.db", "a.db");
    for (int i = 0; i < 2; i++) {
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    }
    snapshot(source);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    renaming.commit();
    for (int i = 0; i < 2; i++) {
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    }
    openDatabase();
    put(RECORDS, RECORDS + 1);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS + 1);
  }

  @Test
  void isInTheWayOfNoFailover() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    closeDatabase();
    Transaction renaming = prepared("a.db", "b.db");
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    Promotion promotion = standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    assertThat(promotion.prepared()).hasSize(1);
    assertThat(promotion.cycle().notes()).noneMatch(note -> note.contains("renam"));
    renaming.abort();
  }

  /** libdb by itself leaves what it has done again for a transaction that was prepared. */
  @Test
  void abortedItIsTakenBack() throws Exception {
    SourceRequest source = open();
    snapshot(source);
    closeDatabase();
    Transaction renaming = prepared("a.db", "b.db");
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(standby.directory().resolve("b.db")).exists();
    renaming.abort();
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS);
  }

  private void closeDatabase() throws Exception {
    database.close();
    database = null;
  }

  private Transaction prepared(String from, String to) throws Exception {
    Transaction renaming = environment.beginTransaction(null, null);
    environment.renameDatabase(renaming, from, null, to);
    renaming.prepare(Arrays.copyOf("decided later".getBytes(StandardCharsets.US_ASCII), 128));
    return renaming;
  }
}
