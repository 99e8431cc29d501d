package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.sleepycat.db.Cursor;
import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.LockMode;
import com.sleepycat.db.OperationStatus;
import com.sleepycat.db.Transaction;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Queues whose extents are not there when recovery undoes what was appended to them: they have been
 * made since the copy, or consumed. With nine of them libdb alone dies, so it recovers in a process
 * apart.
 */
class ExtentsTest {
  private static final int PAGE = 512;
  private static final int RECORDS_IN_EXTENT = 4;
  private static final int LENGTH = 100;

  @TempDir Path temp;
  private Path home;
  private Path standby;

  /** A queue of one page in each extent, and a copy of it at rest. */
  @BeforeEach
  void places() throws Exception {
    home = temp.resolve("home");
    append(0, false);
    standby = Tools.copyHome(home, temp.resolve("standby"));
  }

  @ParameterizedTest
  @CsvSource({"5, false", "9, false", "9, true", "40, false", "40, true"})
  void whatIsMissingIsMadeMeanwhile(int extents, boolean consumed) throws Exception {
    append(extents, false);
    if (consumed) {
      consume();
    }
    Path own = Tools.copyHome(home, temp.resolve("own"));
    shipLogs();
    SortedMap<Integer, String> wanted = records(home);
    assertThat(wanted).hasSize(consumed ? 0 : extents * (RECORDS_IN_EXTENT - 1));
    for (Path copy : List.of(standby, own)) {
      recover(copy);
      assertThat(records(copy)).isEqualTo(wanted);
      assertThat(extents(copy).keySet()).isEqualTo(extents(home).keySet());
      Tools.runOk("db5.3_verify", "-h", copy.toString(), "queue.db");
    }
  }

  /** All that was appended to the last extents was undone, and a recovery was cut off. */
  @Test
  void whatStaysEmptyIsRemoved() throws Exception {
    append(3, false);
    append(12, true);
    shipLogs();
    Files.createFile(standby.resolve("__dbq.queue.db.13"));
    recover(standby);
    assertThat(extents(standby).keySet())
        .contains("__dbq.queue.db.0", "__dbq.queue.db.2")
        .doesNotContain("__dbq.queue.db.4", "__dbq.queue.db.13");
    assertThat(extents(standby).values()).doesNotContain(0L);
    assertThat(records(standby)).isEqualTo(records(home));
  }

  private void recover(Path copy) throws Exception {
    try (Child child =
        Child.start(ChildJvm.of(RecoverMain.class, temp, List.of(), copy.toString()))) {
      Child.Ended ended = child.await();
      assertThat(ended.lastLine()).as("%s", ended).isEqualTo("recovered");
      assertThat(ended.code()).isZero();
    }
  }

  /** What the standby has by now is at rest, so that all log files may be replaced. */
  private void shipLogs() throws IOException {
    for (LogFile log : LogFile.in(standby)) {
      Files.delete(log.path());
    }
    for (LogFile log : LogFile.in(home)) {
      Files.copy(log.path(), standby.resolve(log.path().getFileName()));
    }
  }

  private static Map<String, Long> extents(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("__dbq.")) {
          sizes.put(file.getFileName().toString(), Files.size(file));
        }
      }
    }
    return sizes;
  }

  private static DatabaseConfig queue() {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.QUEUE);
    config.setPageSize(PAGE);
    config.setRecordLength(LENGTH);
    config.setQueueExtentSize(1);
    return config;
  }

  /** Fills so many extents; of each the second record is undone, or all are. */
  private void append(int extents, boolean undone) throws Exception {
    Environment environment = Official.open(home, Official.privately());
    Database database = environment.openDatabase(null, "queue.db", null, queue());
    for (int i = 0; i < extents * RECORDS_IN_EXTENT; i++) {
      Transaction transaction = environment.beginTransaction(null, null);
      byte[] value = new byte[LENGTH];
      value[0] = (byte) i;
      database.append(transaction, new DatabaseEntry(), new DatabaseEntry(value));
      if (undone || i % RECORDS_IN_EXTENT == 1) {
        transaction.abort();
      } else {
        transaction.commit();
      }
    }
    database.close();
    environment.close();
  }

  private void consume() throws Exception {
    Environment environment = Official.open(home, Official.privately());
    Database database = environment.openDatabase(null, "queue.db", null, queue());
    OperationStatus status = OperationStatus.SUCCESS;
    while (status == OperationStatus.SUCCESS) {
      status = database.consume(null, new DatabaseEntry(), new DatabaseEntry(), false);
    }
    database.close();
    environment.close();
  }

  private static SortedMap<Integer, String> records(Path directory) throws Exception {
    SortedMap<Integer, String> records = new TreeMap<>();
    DatabaseConfig config = new DatabaseConfig();
    config.setType(DatabaseType.QUEUE);
    config.setReadOnly(true);
    Database database = new Database(directory.resolve("queue.db").toString(), null, config);
    Cursor cursor = database.openCursor(null, null);
    DatabaseEntry key = new DatabaseEntry();
    DatabaseEntry value = new DatabaseEntry();
    while (cursor.getNext(key, value, LockMode.DEFAULT) == OperationStatus.SUCCESS) {
      records.put(key.getRecordNumber(), HexFormat.of().formatHex(value.getData()));
    }
    cursor.close();
    database.close();
    return records;
  }
}
