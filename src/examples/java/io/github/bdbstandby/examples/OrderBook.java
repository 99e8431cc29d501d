package io.github.bdbstandby.examples;

import com.sleepycat.bind.tuple.LongBinding;
import com.sleepycat.db.Cursor;
import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseException;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sleepycat.db.LockMode;
import com.sleepycat.db.OperationStatus;
import com.sleepycat.db.Transaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An application: orders in a Berkeley DB environment, by the official Java API. Each order and the
 * customer's total change in one transaction.
 */
final class OrderBook implements AutoCloseable {
  private final Environment environment;
  private final Database orders;
  private final Database totals;

  /**
   * Opens it, made if it is not there, recovered if it is.
   *
   * @param privately whether no other process can join it ({@code DB_PRIVATE})
   */
  OrderBook(Path home, boolean privately) throws IOException, DatabaseException {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setRunRecovery(true);
    config.setPrivate(privately);
    config.setLockDetectMode(com.sleepycat.db.LockDetectMode.DEFAULT);
    environment = new Environment(Files.createDirectories(home).toFile(), config);
    orders = open("orders.db");
    totals = open("totals.db");
  }

  private Database open(String name) throws DatabaseException, FileNotFoundException {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.BTREE);
    return environment.openDatabase(null, name, null, config);
  }

  /** The environment, for who keeps a standby of it. */
  Environment environment() {
    return environment;
  }

  /** Places an order; it is durable when this returns. */
  void place(long number, long customer, long cents) throws DatabaseException {
    while (true) {
      Transaction transaction = environment.beginTransaction(null, null);
      try {
        orders.put(transaction, entry(number), entry(cents));
        DatabaseEntry total = entry(0);
        totals.get(transaction, entry(customer), total, LockMode.RMW);
        long sum = LongBinding.entryToLong(total) + cents;
        totals.put(transaction, entry(customer), entry(sum));
        transaction.commit();
        return;
      } catch (com.sleepycat.db.DeadlockException e) {
        transaction.abort(); // and again
      }
    }
  }

  /** All orders together, in cents. */
  long ordered() throws DatabaseException {
    return sum(orders);
  }

  /** All customers' totals together, in cents: the same, or the books are wrong. */
  long owed() throws DatabaseException {
    return sum(totals);
  }

  /** How many orders there are. */
  long count() throws DatabaseException {
    try (Closing cursor = new Closing(orders.openCursor(null, null))) {
      long count = 0;
      while (cursor.next() != null) {
        count++;
      }
      return count;
    }
  }

  private static long sum(Database database) throws DatabaseException {
    try (Closing cursor = new Closing(database.openCursor(null, null))) {
      long sum = 0;
      for (Long value = cursor.next(); value != null; value = cursor.next()) {
        sum += value;
      }
      return sum;
    }
  }

  private static DatabaseEntry entry(long value) {
    DatabaseEntry entry = new DatabaseEntry();
    LongBinding.longToEntry(value, entry);
    return entry;
  }

  @Override
  public void close() throws DatabaseException {
    orders.close();
    totals.close();
    environment.close();
  }

  private record Closing(Cursor cursor) implements AutoCloseable {
    Long next() throws DatabaseException {
      DatabaseEntry value = new DatabaseEntry();
      return cursor.getNext(new DatabaseEntry(), value, LockMode.DEFAULT) == OperationStatus.SUCCESS
          ? LongBinding.entryToLong(value)
          : null;
    }

    @Override
    public void close() throws DatabaseException {
      cursor.close();
    }
  }
}
