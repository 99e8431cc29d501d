package io.github.bdbstandby.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.Promotion;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The life of a standby, from the first snapshot to the way back: an application is followed under
 * load, killed and failed over, works on in the new place, is followed from there by its old home,
 * and fails over to that.
 */
final class Journey {
  /** So many cycles without a change mean that the application hangs. */
  private static final int IDLE = 200;

  private final Kind kind;
  private final int syncs;
  private final long pause;
  private final List<String> cells = new ArrayList<>();

  /**
   * One kind's.
   *
   * @param syncs how many before the failover
   * @param pause milliseconds between two of them
   */
  Journey(Kind kind, int syncs, long pause) {
    this.kind = kind;
    this.syncs = syncs;
    this.pause = pause;
  }

  /** Goes as far as it is let; what is wrong in the data is an error, what is refused a cell. */
  Row go() throws IOException {
    try (Temporary directory = Temporary.directory()) {
      Application application = kind.make(directory.path());
      Path away = directory.resolve("standby");
      try {
        thereUnderLoad(application, Standby.at(away));
        failOver(application, Standby.at(away));
        cells.add(Row.WORKS);
        back(application, away, Standby.at(application.home()));
        cells.add(Row.WORKS);
      } catch (StandbyException e) {
        cells.add(e.reason().word());
        System.err.println(kind.name() + ": " + e.getMessage() + "; " + e.hint());
      } finally {
        application.leave(application.home(), away);
      }
    }
    while (cells.size() < Row.ALL_WORK.size()) {
      cells.add(Row.NOT_REACHED);
    }
    return new Row(kind.name(), kind.shows(), List.copyOf(cells));
  }

  private static SnapshotOptions options(Application application) {
    return SnapshotOptions.builder().ownOrder(application.ownOrder()).build();
  }

  private void thereUnderLoad(Application application, Standby standby) throws IOException {
    try (Busy busy = application.start(application.home(), false)) {
      Busy.pause(pause);
      SourceRequest source = application.source(application.home());
      Lsn reached =
          standby.snapshot(source, options(application), StandbyListener.NONE).recoveredTo();
      cells.add(Row.WORKS);
      reached = sync(application, standby, busy, syncs, reached);
      assertThat(reached.file()).isPositive();
      assertGood(application, standby);
      cells.add(Row.WORKS);
      busy.assertAlive();
      busy.kill();
    }
  }

  private Lsn sync(Application application, Standby standby, Busy busy, int times, Lsn since)
      throws IOException {
    SyncOptions.Builder options = SyncOptions.builder();
    application.password().ifPresent(options::password);
    Lsn reached = since;
    for (int cycle = 1, idle = 0; cycle <= times; ) {
      Busy.pause(pause);
      busy.assertAlive();
      Lsn now = standby.sync(options.build(), StandbyListener.NONE).recoveredTo();
      assertThat(now).isGreaterThanOrEqualTo(reached);
      if (now.equals(reached)) {
        assertThat(++idle).as("cycles in which %s did nothing", kind.name()).isLessThan(IDLE);
      } else {
        cycle++;
      }
      reached = now;
    }
    return reached;
  }

  private static void assertGood(Application application, Standby standby) {
    assertThat(standby.verify(application.password(), StandbyListener.NONE).damage())
        .allMatch(application::isExpected);
  }

  private void failOver(Application application, Standby standby) throws IOException {
    Promotion promotion =
        standby.failover(
            new FailoverOptions(application.password(), false, false, false), StandbyListener.NONE);
    application.promoted(promotion);
    application.check(standby.directory(), Long.MAX_VALUE);
  }

  /** The old home becomes the standby of the new primary, and its successor. */
  private void back(Application application, Path away, Standby old) throws IOException {
    try (Busy busy = application.start(away, true)) {
      SourceRequest source = application.source(away);
      Lsn reached = old.snapshot(source, options(application), StandbyListener.NONE).recoveredTo();
      sync(application, old, busy, 2, reached);
      busy.assertAlive();
      busy.stop();
    }
    failOver(application, old);
    application.check(away, Long.MAX_VALUE);
  }
}
