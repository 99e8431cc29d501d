package io.github.bdbstandby.libdb;

import com.sleepycat.db.Database;
import com.sleepycat.db.DatabaseConfig;
import com.sleepycat.db.DatabaseEntry;
import com.sleepycat.db.DatabaseException;
import com.sleepycat.db.DatabaseType;
import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Environments opened with the official Java API. */
final class Official {

  private Official() {}

  static EnvironmentConfig config() {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setAllowCreate(true);
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    return config;
  }

  static EnvironmentConfig privately() {
    EnvironmentConfig config = config();
    config.setPrivate(true);
    return config;
  }

  static Environment open(Path home, EnvironmentConfig config)
      throws IOException, DatabaseException {
    Files.createDirectories(home);
    return new Environment(home.toFile(), config);
  }

  static Database database(Environment environment, String name)
      throws IOException, DatabaseException {
    DatabaseConfig config = new DatabaseConfig();
    config.setAllowCreate(true);
    config.setTransactional(true);
    config.setType(DatabaseType.BTREE);
    return environment.openDatabase(null, name, null, config);
  }

  static void put(Database database, int key, String value) throws DatabaseException {
    database.put(
        null,
        new DatabaseEntry(ByteBuffer.allocate(Integer.BYTES).putInt(key).array()),
        new DatabaseEntry(value.getBytes(StandardCharsets.UTF_8)));
  }
}
