import com.sleepycat.db.DeadlockException;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import com.sleepycat.db.LockDetectMode;
import com.sleepycat.db.LockMode;
import com.sleepycat.db.CheckpointConfig;
import com.sleepycat.db.Transaction;
import com.sleepycat.persist.EntityCursor;
import com.sleepycat.persist.EntityStore;
import com.sleepycat.persist.PrimaryIndex;
import com.sleepycat.persist.SecondaryIndex;
import com.sleepycat.persist.StoreConfig;
import com.sleepycat.persist.model.Entity;
import com.sleepycat.persist.model.PrimaryKey;
import com.sleepycat.persist.model.Relationship;
import com.sleepycat.persist.model.SecondaryKey;
import java.io.File;
import java.util.Random;

/** A library that lends books, by the Direct Persistence Layer of the official Java API: load|check HOME. */
public final class Library {
  private static final int THREADS = 4;
  private static final int READERS = 300;

  @Entity
  static class Loan {
    @PrimaryKey String text;

    @SecondaryKey(relate = Relationship.MANY_TO_ONE)
    int reader;

    String note;
  }

  @Entity
  static class Reader {
    @PrimaryKey int number;
    int loans;
  }

  private final Environment environment;
  private final PrimaryIndex<String, Loan> loans;
  private final SecondaryIndex<Integer, String, Loan> byReader;
  private final PrimaryIndex<Integer, Reader> readers;

  private Library(File home) throws Exception {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setRunRecovery(true);
    config.setLockDetectMode(LockDetectMode.DEFAULT);
    config.setMaxLogFileSize(2 << 20);
    environment = new Environment(home, config);
    StoreConfig store = new StoreConfig();
    store.setAllowCreate(true);
    store.setTransactional(true);
    EntityStore entities = new EntityStore(environment, "library", store);
    loans = entities.getPrimaryIndex(String.class, Loan.class);
    byReader = entities.getSecondaryIndex(loans, Integer.class, "reader");
    readers = entities.getPrimaryIndex(Integer.class, Reader.class);
  }

  private boolean lend(String text, int number, Random random) throws Exception {
    Transaction transaction = environment.beginTransaction(null, null);
    try {
      Reader reader = readers.get(transaction, number, LockMode.RMW);
      if (reader == null) {
        reader = new Reader();
        reader.number = number;
      }
      reader.loans++;
      readers.put(transaction, reader);
      Loan loan = new Loan();
      loan.text = text;
      loan.reader = number;
      loan.note = "n".repeat(random.nextInt(400));
      loans.put(transaction, loan);
      transaction.commit();
      return true;
    } catch (DeadlockException e) {
      transaction.abort();
      return false;
    }
  }

  private void load(int thread) {
    Random random = new Random();
    try {
      for (int i = 1; ; i++) {
        String text = "thread " + thread + " loan " + i;
        if (lend(text, random.nextInt(READERS), random)) {
          System.out.print(text + "\n");
        }
        if (i % 1000 == 0) {
          CheckpointConfig forced = new CheckpointConfig();
          forced.setForce(true);
          environment.checkpoint(forced);
        }
      }
    } catch (Exception e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private void check() throws Exception {
    int[] lent = new int[READERS];
    StringBuilder all = new StringBuilder();
    try (Closing<Loan> cursor = new Closing<>(loans.entities())) {
      for (Loan loan : cursor.cursor()) {
        lent[loan.reader]++;
        all.append(loan.text).append('\n');
      }
    }
    for (int reader = 0; reader < READERS; reader++) {
      Reader known = readers.get(reader);
      int indexed = 0;
      try (Closing<Loan> cursor = new Closing<>(byReader.subIndex(reader).entities())) {
        for (Loan loan : cursor.cursor()) {
          indexed += loan.reader == reader ? 1 : 0;
        }
      }
      if (indexed != lent[reader] || (known == null ? 0 : known.loans) != indexed) {
        throw new IllegalStateException("reader " + reader + ": " + indexed + ", " + lent[reader]);
      }
    }
    System.out.print(all);
  }

  private record Closing<T>(EntityCursor<T> cursor) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      cursor.close();
    }
  }

  public static void main(String... arguments) throws Exception {
    Library library = new Library(new File(arguments[1]));
    if (arguments[0].equals("check")) {
      library.check();
      Runtime.getRuntime().halt(flushed());
    }
    for (int thread = 1; thread <= THREADS; thread++) {
      int number = thread;
      new Thread(() -> library.load(number)).start();
    }
  }

  private static int flushed() {
    System.out.flush();
    return System.out.checkError() ? 1 : 0;
  }
}
