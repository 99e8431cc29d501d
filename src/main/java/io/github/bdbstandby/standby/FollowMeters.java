package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.Lsn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The meters of one standby that is followed. Thread-safe. */
final class FollowMeters {
  private static final String PREFIX = "bdb.standby.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final LagMeter lag;
  private final Timer cycle;
  private final Counter shipped;

  /**
   * Registers them, with the standby's directory as a tag.
   *
   * @param isAvailable whether the source is there
   */
  FollowMeters(
      StandbyDirectory standby,
      MeterRegistry registry,
      LagMeter lag,
      Supplier<Boolean> isAvailable) {
    this.registry = registry;
    this.tags = Tags.of("standby", standby.home().toString());
    this.lag = lag;
    this.cycle =
        Timer.builder(PREFIX + "cycle")
            .description("Cycles in which log was applied, by how long they took")
            .tags(tags)
            .register(registry);
    this.shipped =
        Counter.builder(PREFIX + "shipped")
            .description("Log bytes that have come to lie beside the standby")
            .baseUnit("bytes")
            .tags(tags)
            .register(registry);
    for (String outcome : new String[] {"ok", "failed", "refused", "snapshot-needed"}) {
      cycles(outcome);
    }
    gauge("source.available", "1 while the source is joined", () -> isAvailable.get() ? 1 : 0);
    ofLag("behind.bytes", "Log bytes at the source beyond what was applied", Lag::behindBytes);
    ofLag(
        "unshipped.bytes", "Log bytes at the source beyond what was shipped", Lag::unshippedBytes);
    ofLag(
        "behind.seconds",
        "Age of the oldest commit that was not applied, in whole seconds; 0 if there is none",
        Lag::behindSeconds);
    ofManifest(
        "last.good.cycle.timestamp.seconds",
        "When the last good cycle ended, since 1970",
        manifest -> time(manifest.syncedAt()));
    ofManifest(
        "epoch",
        "1 in a history that was never failed over, one more for each failover",
        manifest -> (double) manifest.epoch());
    place("recovered", "what was applied", reading -> reading.manifest().recoveredTo().lsn());
    place("shipped.to", "what was shipped", reading -> reading.lag().shippedTo());
    ofManifest(
        "last.drill.timestamp.seconds",
        "When the last drill ended, since 1970",
        manifest -> drill(manifest).map(drill -> time(drill.at())).orElse(Double.NaN));
    ofManifest(
        "last.drill.ok",
        "1 if the last drill found nothing wrong, 0 if it did",
        manifest ->
            drill(manifest)
                .map(drill -> drill.outcome().equals(Manifest.Drill.OK) ? 1.0 : 0.0)
                .orElse(Double.NaN));
  }

  private static Optional<Manifest.Drill> drill(Manifest manifest) {
    return Optional.ofNullable(manifest.drill());
  }

  private static double time(String iso) {
    return Manifest.time(iso).map(at -> at.toEpochMilli() / 1e3).orElse(Double.NaN);
  }

  private void place(String name, String of, Function<LagMeter.Reading, Lsn> place) {
    gauge(
        name + ".file",
        "Log file in which " + of + " ends",
        () -> lag.read().map(r -> (double) place.apply(r).file()).orElse(Double.NaN));
    gauge(
        name + ".offset",
        "Offset in that log file",
        () -> lag.read().map(r -> (double) place.apply(r).offset()).orElse(Double.NaN));
  }

  private void ofLag(String name, String what, Function<Lag, Optional<Long>> value) {
    gauge(
        name,
        what,
        () ->
            lag.read()
                .flatMap(reading -> value.apply(reading.lag()))
                .map(Long::doubleValue)
                .orElse(Double.NaN));
  }

  private void ofManifest(String name, String what, Function<Manifest, Double> value) {
    gauge(name, what, () -> lag.read().map(r -> value.apply(r.manifest())).orElse(Double.NaN));
  }

  private void gauge(String name, String what, Supplier<Number> value) {
    Gauge.builder(PREFIX + name, value)
        .description(what)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private Counter cycles(String outcome) {
    return Counter.builder(PREFIX + "cycles")
        .description("Cycles in which log was to be applied, by how they ended")
        .tags(tags.and("outcome", outcome))
        .register(registry);
  }

  void applied(CycleReport report) {
    cycles("ok").increment();
    cycle.record(report.duration());
  }

  void failed(StandbyException e) {
    String outcome = "failed";
    if (e instanceof RefusedException) {
      outcome = "refused";
    } else if (e instanceof SnapshotNeededException) {
      outcome = "snapshot-needed";
    }
    cycles(outcome).increment();
  }

  void snapshotTaken(Reason why) {
    Counter.builder(PREFIX + "snapshots")
        .description("Snapshots taken because the standby could not be brought forward")
        .tags(tags.and("reason", why.word()))
        .register(registry)
        .increment();
  }

  void shipped(long bytes) {
    shipped.increment((double) bytes);
  }
}
