package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.CycleFailedException;
import io.github.bdbstandby.standby.FollowMonitor;
import io.github.bdbstandby.standby.Reason;
import io.github.bdbstandby.standby.Standby;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether and where somebody may ask how a standby is followed. */
final class MetricsOptions {
  private static final int PORTS = 0xFFFF;
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final int INTERVALS = 3;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--metrics-port",
      paramLabel = "P",
      description =
          "Answer /metrics (Prometheus) and /healthz (200, or 503 and why) over HTTP on this port;"
              + " 0 for any that is free, which is told on standard error.")
  private Integer port;

  @Option(
      names = "--metrics-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Where to listen for that; default: 127.0.0.1, which is this machine only.")
  private String host;

  @Option(
      names = "--healthy-behind",
      paramLabel = "TIME",
      converter = FollowCommand.Durations.class,
      description =
          "By how much the standby may be behind for /healthz to say 200; default: a minute, or"
              + " three intervals if that is more.")
  private Duration healthyBehind;

  /** A monitor, and the server that shows it, if one is wanted. */
  record Watch(FollowMonitor monitor, Optional<MetricsServer> server) implements AutoCloseable {
    @Override
    public void close() {
      server.ifPresent(MetricsServer::close);
    }
  }

  /**
   * Begins to listen.
   *
   * @param interval between two cycles
   * @param say gets the line that tells where
   */
  Watch watch(Standby standby, Duration interval, Consumer<String> say) {
    Duration usual = interval.multipliedBy(INTERVALS);
    Duration limit =
        Optional.ofNullable(healthyBehind).orElse(usual.compareTo(LEAST) > 0 ? usual : LEAST);
    if (port == null) {
      return new Watch(monitor(standby, new SimpleMeterRegistry(), limit), Optional.empty());
    }
    if (port < 0 || port > PORTS) {
      throw new ParameterException(spec.commandLine(), "--metrics-port: no port: " + port);
    }
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    FollowMonitor monitor = monitor(standby, registry, limit);
    try {
      MetricsServer server =
          new MetricsServer(
              new InetSocketAddress(InetAddress.getByName(host), port), registry, monitor);
      InetSocketAddress at = server.address();
      String name = at.getAddress().getHostAddress();
      say.accept(
          "metrics at http://"
              + (name.contains(":") ? "[" + name + "]" : name)
              + ":"
              + at.getPort()
              + "/metrics");
      return new Watch(monitor, Optional.of(server));
    } catch (IOException e) {
      throw new CycleFailedException(
          Reason.IO_ERROR,
          "--metrics-port: can't listen at " + host + ", port " + port + ": " + e.getMessage(),
          "stop who listens there, or give another port; where the network is not up yet, try again",
          e);
    }
  }

  private static FollowMonitor monitor(Standby standby, MeterRegistry registry, Duration limit) {
    return new FollowMonitor(standby, registry, limit);
  }
}
