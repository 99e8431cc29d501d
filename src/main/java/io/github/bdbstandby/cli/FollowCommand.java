package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FollowOptions;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import io.github.bdbstandby.standby.StandbyListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "follow",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Syncs for as long as it runs; stops cleanly on SIGINT and SIGTERM. New log is made durable"
            + " beside the standby as it is written, and applied from time to time; a failover"
            + " applies what was shipped. What happens is told on standard error, one event a line.")
final class FollowCommand implements Callable<Integer> {
  /** What to do when the standby can't be brought forward. */
  enum OnGap {
    SNAPSHOT,
    STOP
  }

  @Mixin private StandbyOption standby;

  @Mixin private SourceOptions source;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Durations.class,
      description = "Between the starts of two cycles in which log is applied: 500ms, 1s, 5m.")
  private Duration interval;

  @Option(
      names = "--ship-interval",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Durations.class,
      description = "Between two looks at the source's log for new bytes.")
  private Duration shipInterval;

  @Option(
      names = "--on-gap",
      paramLabel = "snapshot|stop",
      defaultValue = "snapshot",
      description =
          "When the standby can't be brought forward: take a new snapshot (default), or stop with"
              + " 4; with 1 where that shows only once the standby was changed.")
  private OnGap onGap;

  @Mixin private PassiveOption passive = new PassiveOption();

  @Mixin private OwnOrderOption ownOrder = new OwnOrderOption();

  @Option(
      names = "--drill-interval",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "Drill as 'verify --drill' does, this long after the last drill: between cycles, while"
              + " new log goes on being shipped. Default: never.")
  private Duration drillInterval;

  @Mixin private MetricsOptions metrics;

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    Standby target = standby.standby();
    try (MetricsOptions.Watch watch =
        metrics.watch(
            target,
            interval,
            line -> {
              reporting.err().println("bdb-standby: " + line);
              reporting.err().flush();
            })) {
      return reporting.run(
          () -> {
            target.follow(options(target), reportingCycles(), watch.monitor());
            if (reporting.isBroken()) {
              Thread.interrupted(); // it was our own
            }
            return "stopped";
          },
          stopped -> reporting.err().println("bdb-standby: " + stopped));
    } catch (StandbyException e) { // before anything was followed
      return reporting.fail(e);
    }
  }

  private FollowOptions options(Standby target) {
    return new FollowOptions(
        source.of(target),
        source.password(),
        interval,
        shipInterval,
        onGap == OnGap.SNAPSHOT,
        passive.isPassive(),
        Optional.ofNullable(drillInterval),
        ownOrder.names());
  }

  private StandbyListener reportingCycles() {
    return new StandbyListener() {
      @Override
      public void cycleEnded(CycleReport cycle) {
        report(cycle);
        if (reporting.isBroken()) {
          Thread.currentThread().interrupt(); // ends it as a signal does
        }
      }
    };
  }

  private void report(CycleReport cycle) {
    if (reporting.isJson()) {
      reporting.print(CycleOutput.json(cycle));
    } else {
      reporting.say(
          String.format(
              Locale.ROOT,
              "recovered to %s, %d log files, %.3f s",
              cycle.recoveredTo(),
              cycle.logs().needed(),
              CycleOutput.seconds(cycle.duration())));
    }
  }

  /** Times as people write them. */
  static final class Durations implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Duration MOST = Duration.ofDays(3650); // a few of it are still a long

    @Override
    public Duration convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
        throw new TypeConversionException("'" + value + "' is no time such as 100ms, 1s or 5m");
      }
      long number = Long.parseLong(matcher.group(1));
      Duration time =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
      if (time.compareTo(MOST) > 0) {
        throw new TypeConversionException(
            "'" + value + "' is more than " + MOST.toDays() + "d, the longest time");
      }
      return time;
    }
  }
}
