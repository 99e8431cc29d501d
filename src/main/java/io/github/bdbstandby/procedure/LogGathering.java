package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.libdb.CheckpointRecord;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The source's log as one run gathers it: shipped beside the target, inspected, and with what is to
 * be known of it before recovery. Made for one run, by one thread.
 */
public final class LogGathering implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  private final Source source;
  private final Target target;
  private final Layout layout;
  private final EnvironmentOptions targetOptions;
  private final OptionalLong shipFrom;
  private final LogInspector inspector;
  private final RunListener listener;

  private LogShipper shipper;
  private boolean shipperIsShared;
  private boolean gathered;
  private Duration duration = Duration.ZERO;
  private long firstNeeded;
  private long nextFirstNeeded;
  private Lsn copyingFrom = Lsn.ZERO;
  private Lsn extent = Lsn.ZERO;
  private RecoveryStops stops = RecoveryStops.NONE;
  private Optional<String> wrong = Optional.empty();
  private long retained;

  LogGathering(
      Source source,
      Target target,
      Layout layout,
      EnvironmentOptions targetOptions,
      long firstNeeded,
      OptionalLong shipFrom,
      LogInspector inspector,
      RunListener listener) {
    this.source = source;
    this.target = target;
    this.layout = layout;
    this.targetOptions = targetOptions;
    this.firstNeeded = firstNeeded;
    this.shipFrom = shipFrom;
    this.inspector = inspector;
    this.listener = listener;
  }

  /** The lowest log file that is shipped. */
  public long shipFrom() throws IOException {
    return shipFrom.orElse(firstNeeded());
  }

  /** The lowest log file that recovery of the target needs; asks the source if nobody has yet. */
  public long firstNeeded() throws IOException {
    if (firstNeeded == 0) {
      firstNeeded = source.firstNeeded().orElse(1);
    }
    return firstNeeded;
  }

  /**
   * The same for the cycle after this one: what the source answered before this cycle's logs were
   * copied.
   */
  public long nextFirstNeeded() {
    return nextFirstNeeded;
  }

  /**
   * Begins to ship log files in the background: what recovery will need is caught even if the
   * application removes it meanwhile.
   */
  public void startShipping() throws IOException {
    for (int attempt = 1; ; attempt++) {
      long first = firstNeeded();
      LogShipper started = shipper(first);
      try {
        started.ship();
        started.start();
        return;
      } catch (LogGapException e) {
        // Removed between the source's answer and our opening it: a later list will do as well.
        Cleanup.after(e, this::closeShipper);
        if (attempt == ATTEMPTS || shipFrom.isPresent()) {
          throw e;
        }
        firstNeeded = 0;
      }
    }
  }

  /**
   * Uses a shipper that goes on shipping between cycles; its owner closes it.
   *
   * @param shared ships into this target's incoming directory
   */
  public void shareShipper(LogShipper shared) {
    shipper = shared;
    shipperIsShared = true;
  }

  private LogShipper shipper(long first) {
    if (shipper == null) {
      shipper =
          new LogShipper(
              source.logDirectory(),
              target.incoming(),
              shipFrom.orElse(first),
              bytes -> listener.copied(StepName.COPY_LOGS, bytes));
    }
    return shipper;
  }

  private void closeShipper() throws IOException {
    if (shipper != null && !shipperIsShared) {
      shipper.close();
      shipper = null;
    }
  }

  /**
   * Gathers the source's log up to where it is on disk now, and has it inspected. Before that the
   * source is asked what the next cycle will need; the other way round a checkpoint in between
   * could leave out the beginning of a transaction that the standby has to undo at this cycle's
   * end.
   *
   * <p>May be called again to gather more.
   */
  public void gather() throws IOException {
    long start = System.nanoTime();
    OptionalLong answered = isPassive() ? OptionalLong.empty() : source.firstNeeded();
    nextFirstNeeded = answered.orElse(firstNeeded());
    Lsn flushed = source.flushed();
    LogShipper logs = shipper(firstNeeded());
    logs.shipUnsettled();
    List<LogFile> shipped = logs.shipped();
    if (!shipped.isEmpty()) {
      logs.settleBeside(() -> inspect(logs, shipped, flushed));
    }
    retained = source.logFiles().size();
    gathered = true;
    duration = duration.plusNanos(System.nanoTime() - start);
  }

  /**
   * Ships what has come since, and no more from then on: it waits beside the target, as between two
   * cycles.
   *
   * @return why it can't be had, if so: what was gathered is as good without it
   */
  public Optional<IOException> shipMore() throws IOException {
    try {
      if (shipper != null) {
        shipper.stop();
        shipper.ship();
      }
      return Optional.empty();
    } catch (ClosedChannelException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return Optional.of(e);
    }
  }

  private void inspect(LogShipper logs, List<LogFile> shipped, Lsn flushed) throws IOException {
    try (DbEnvironment log = GatheredLog.open(logs, flushed, isPassive(), targetOptions)) {
      inspect(log, shipped);
    }
  }

  /** One reading serves all: a log that recovery needs whole is long. */
  private void inspect(DbEnvironment log, List<LogFile> shipped) throws IOException {
    long first = shipped.get(0).number();
    // Listed again: a file may have come between the list and the opening, and be where it ends.
    extent = LogEnd.ofRecords(log.logStatus().end(), LogFile.in(target.incoming()));
    if (isPassive()) {
      // A transaction open at the log's end was open at the last checkpoint, or began after it.
      nextFirstNeeded = LastCheckpoint.in(log).map(Lsn::file).orElse(firstNeeded());
    }
    Set<LogRecordType> types = EnumSet.copyOf(RecoveryStops.TYPES);
    types.addAll(inspector.types());
    types.add(LogRecordType.TXN_CHECKPOINT);
    NameRecords records = new NameRecords();
    Optional<Lsn> held = held();
    // What lies below is the source's own; a cycle that was cut off may have let it in.
    Lsn next = new Lsn(first, 0);
    if (held.isPresent()) {
      HeldLog.readHeld(target.logDirectory(), firstNeeded(), next, targetOptions, records);
    }
    log.scanLog(next, Lsn.ZERO, types, records);
    List<LogRecord> all = records.records();
    inspector.inspection().accept(all);
    stops =
        held.isPresent()
            ? RecoveryStops.find(all, held.get(), next, target, layout)
            : CopiedNames.find(all, written(all), copyingFrom, target, layout);
  }

  /** What was logged before this was in files when the copying began: a checkpoint had ended. */
  private Lsn written(List<LogRecord> log) {
    Lsn written = Lsn.ZERO;
    for (LogRecord record : log) {
      if (record instanceof CheckpointRecord checkpoint
          && checkpoint.lsn().compareTo(copyingFrom) < 0
          && checkpoint.checkpointLsn().compareTo(written) > 0) {
        written = checkpoint.checkpointLsn();
      }
    }
    return written;
  }

  /** Says where the source's log ends as the copying of databases begins. */
  public void copyingFrom(Lsn flushed) {
    copyingFrom = flushed;
  }

  /** What the target's pages show: libdb refuses to recover them with a log that ends earlier. */
  private Optional<Lsn> held() {
    return target
        .held()
        .filter(held -> held.logDirectory().equals(target.logDirectory()))
        .map(Target.Held::end);
  }

  /** Looks at what recovery has made. */
  public void settle() throws IOException {
    wrong = stops.wrong(target);
  }

  /** After recovery: a database that is not where the log says, and why. */
  public Optional<String> wrong() {
    return wrong;
  }

  /** Where recovery of the target must pause; known when the log has been gathered. */
  public RecoveryStops stops() {
    return stops;
  }

  /** The source's files are read, and nobody is asked. */
  private boolean isPassive() {
    return source.opened().isEmpty();
  }

  /** Gathers, if nobody has yet. */
  public void ensureGathered() throws IOException {
    if (!gathered) {
      gather();
    }
  }

  /** How long it took. */
  public Duration duration() {
    return duration;
  }

  /** Where the gathered log ends: nothing beyond is recovered. Zero if there is no log. */
  public Lsn extent() {
    return extent;
  }

  /** How many log files the source kept when they were gathered. */
  public long retained() {
    return retained;
  }

  /** Lets go of the source's log files. */
  @Override
  public void close() throws IOException {
    closeShipper();
  }
}
