package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.LogKeeper;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A standby follows an application that never rests, and takes its place. */
final class FollowUnderLoadTest {
  private static final List<String> WORK =
      List.of("--threads", "2", "--rate", "600", "--long-ms", "1000", "--checkpoint-ms", "250");

  static List<String> environments() throws IOException {
    return Bank.names();
  }

  @ParameterizedTest
  @MethodSource("environments")
  void theShortProcedureFollowsEveryEnvironment(String name) throws IOException {
    new Story(name, Procedure.SHORT, name.equals("mixed") ? 10 : 3).tell();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixed", "data-dirs-config", "queue-extents"})
  void theLongProcedureLosesNoLogFile(String name) throws IOException {
    new Story(name, Procedure.LONG, name.equals("mixed") ? 10 : 4).tell();
  }

  /** A hundred renamings a second: what recovery can't follow is told, and then it starts anew. */
  @ParameterizedTest
  @ValueSource(strings = {"SHORT", "LONG"})
  @Tag("soak")
  void databasesComeAndGoMeanwhile(Procedure procedure) throws IOException {
    new Story("subdirectories", procedure, 12, "--churn").tell();
  }

  @Test
  @Tag("soak")
  void databasesComeAndGoForLong() throws IOException {
    new Story("mixed", Procedure.LONG, 150, "--churn").tell();
  }

  /** From the first snapshot to life after the failover. */
  private static final class Story {
    private final String name;
    private final Procedure procedure;
    private final int cycles;
    private final List<String> work = new ArrayList<>(WORK);

    Story(String name, Procedure procedure, int cycles, String... more) {
      this.name = name;
      this.procedure = procedure;
      this.cycles = cycles;
      work.addAll(List.of(more));
    }

    void tell() throws IOException {
      try (Temporary directory = Temporary.directory()) {
        Bank bank = Bank.make(directory.path(), name);
        Path home = directory.resolve("standby");
        Path archive = directory.resolve("archive");
        Standby standby = Standby.at(home);
        try (LogKeeper keeper = LogKeeper.of(bank, directory.resolve("kept"));
            Busy busy = bank.busy(work.toArray(String[]::new))) {
          Busy.pause(500);
          long before = Busy.now();
          SnapshotOptions options =
              new SnapshotOptions(
                  Optional.of(procedure),
                  procedure == Procedure.LONG ? Optional.of(archive) : Optional.empty(),
                  Optional.empty(),
                  Optional.of(Layout.MIRROR),
                  false,
                  io.github.bdbstandby.copy.CopyLimits.NONE,
                  Set.of());
          CycleReport report = standby.snapshot(bank.request(), options, keeper.beforeMoves());
          afterCycle(bank, home, archive, keeper, before, report.recoveredTo());
          for (int cycle = 2; cycle <= cycles; cycle++) {
            bank.awaitCommits(busy, 1);
            before = Busy.now();
            Lsn reached = report.recoveredTo();
            report = forward(standby, bank, options, keeper.beforeMoves());
            assertThat(report.recoveredTo()).isGreaterThan(reached);
            afterCycle(bank, home, archive, keeper, before, report.recoveredTo());
            if (report.command().equals("sync")) { // a snapshot ships what comes meanwhile
              assertThat(leftBehind(home, report.recoveredTo())).isEmpty();
            }
          }
          busy.stop();
        }
        takeOver(bank, standby);
      }
    }

    /** With many renamings a snapshot may be due, as for whoever follows by command. */
    private CycleReport forward(
        Standby standby, Bank bank, SnapshotOptions options, StandbyListener listener) {
      try {
        return standby.sync(
            new SyncOptions(Optional.empty(), bank.password(), false, false, Set.of()), listener);
      } catch (SnapshotNeededException e) {
        if (!work.contains("--churn") || e.reason() != Reason.UNRESOLVED_DATABASE) {
          throw e;
        }
        return again(standby, bank, options, listener);
      }
    }

    /** A snapshot may say that it has lost a database renamed meanwhile; it may not lose it. */
    private CycleReport again(
        Standby standby, Bank bank, SnapshotOptions options, StandbyListener listener) {
      for (int attempt = 1; ; attempt++) {
        try {
          return standby.snapshot(bank.request(), options, listener);
        } catch (CycleFailedException e) {
          if (attempt == 10 || e.reason() != Reason.UNRESOLVED_DATABASE) {
            throw e;
          }
        }
      }
    }

    private void afterCycle(
        Bank bank, Path home, Path archive, LogKeeper keeper, long before, Lsn reached)
        throws IOException {
      assertThat(bank.checkCopy(home, before)).isPositive();
      if (procedure == Procedure.LONG) {
        keeper.assertNothingLost(home, archive, reached);
        assertThat(keeper.assertUnchanged(archive)).isEqualTo(Bank.logsIn(archive).size());
      }
    }

    private void takeOver(Bank bank, Standby standby) throws IOException {
      Path home = standby.directory();
      CycleReport report =
          standby
              .failover(
                  new FailoverOptions(bank.password(), false, false, false), StandbyListener.NONE)
              .cycle();
      assertThat(bank.checkCopy(home, Long.MAX_VALUE)).isPositive();
      Set<String> missing = names(bank.home());
      missing.removeAll(names(home));
      // At this pace of renaming libdb may still lose one; then the report says which.
      missing.removeIf(
          database ->
              work.contains("--churn")
                  && report.notes().stream().anyMatch(note -> note.contains(database)));
      assertThat(missing).isEmpty();
      Bank.writer(home, "run", "--commits", "200", "--threads", "2", "--recover").good();
      assertThat(bank.checkCopy(home, 0)).isPositive();
    }
  }

  /** Databases of a home, by their names. */
  private static Set<String> names(Path home) throws IOException {
    return Bank.databases(home).stream()
        .map(file -> home.relativize(file).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> leftBehind(Path home, Lsn reached) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      return files
          .filter(
              file -> {
                String leaf = file.getFileName().toString();
                boolean ours = file.startsWith(home.resolve(StandbyDirectory.MARKS));
                boolean known =
                    leaf.equals(StandbyDirectory.MARKS)
                        || leaf.equals("manifest.json")
                        || leaf.equals("lock")
                        // The file in which the log ended, to be continued.
                        || leaf.equals(String.format("log.%010d", reached.file()));
                return (ours && !Files.isDirectory(file) && !known)
                    || leaf.endsWith(".part")
                    || leaf.contains("bdb-standby-tmp")
                    || leaf.matches("__db\\..*");
              })
          .toList();
    }
  }
}
