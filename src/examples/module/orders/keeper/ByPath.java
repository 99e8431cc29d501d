package orders.keeper;

import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.FollowMonitor;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Follower;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/** Beside the application that has the environment: followed, watched, and in the end promoted. */
final class ByPath {
  private ByPath() {}

  public static void main(String[] args) throws Exception {
    Standby standby = Standby.at(Path.of(args[1]));
    standby.snapshot(
        SourceRequest.of(Path.of(args[0])), SnapshotOptions.defaults(), StandbyListener.NONE);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    FollowMonitor monitor = new FollowMonitor(standby, meters, Duration.ofMinutes(1));
    var thread = Executors.newSingleThreadExecutor();
    try (Follower follower =
        standby.startFollower(FollowOptions.defaults(), StandbyListener.NONE, monitor, thread)) {
      Object shown =
          ManagementFactory.getPlatformMBeanServer().getAttribute(follower.register(), "Standby");
      System.out.println("followed " + shown);
    }
    thread.shutdown();
    standby.sync(StandbyListener.NONE);
    System.out.println("drilled " + standby.drill(Optional.empty(), StandbyListener.NONE).isGood());
    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    System.out.println("module " + Standby.class.getModule());
    System.out.println("promoted " + standby.status().state());
  }
}
