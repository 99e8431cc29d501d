package orders.keeper;

import com.sleepycat.db.Environment;
import com.sleepycat.db.EnvironmentConfig;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.nio.file.Path;

/** Within the application: its own environment, private to it. */
final class Attached {
  private Attached() {}

  public static void main(String[] args) throws Exception {
    EnvironmentConfig config = new EnvironmentConfig();
    config.setInitializeCache(true);
    config.setInitializeLocking(true);
    config.setInitializeLogging(true);
    config.setTransactional(true);
    config.setAllowCreate(true);
    config.setPrivate(true);
    config.setRunRecovery(true);
    Environment environment = new Environment(Path.of(args[0]).toFile(), config);
    Standby standby = Standby.at(Path.of(args[1]));
    try (DbEnvironment attached = DbEnvironment.attach(environment)) {
      SourceRequest source = SourceRequest.attached(attached);
      standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    }
    environment.close();
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    System.out.println("module " + Standby.class.getModule());
    System.out.println("promoted " + standby.status().state());
  }
}
