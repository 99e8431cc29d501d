package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Transaction;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * While a database is renamed or removed, libdb has a file with nothing but a magic number under
 * its old name. That is no file of the application's.
 */
final class PlaceholderTest extends AttachedApplication {
  @Test
  void doesNotCoverTheDatabaseThatIsBeingRenamed() throws Exception {
    SourceRequest source = openClosed();
    snapshot(source);
    Transaction renaming = environment.beginTransaction(null, null);
    environment.renameDatabase(renaming, "a.db", null, "b.db");
    assertThat(home.resolve("a.db")).hasSize(512);
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    renaming.abort();
    standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    assertThat(promoted(Optional.empty())).isEqualTo(RECORDS);
  }

  private SourceRequest openClosed() throws Exception {
    SourceRequest source = open();
    database.close();
    database = null;
    return source;
  }
}
