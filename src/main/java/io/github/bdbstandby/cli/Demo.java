package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.NoPageAtomicReadException;
import io.github.bdbstandby.procedure.RunListener;
import io.github.bdbstandby.standby.CycleReport;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.SyncOptions;
import io.github.bdbstandby.standby.VerificationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * The main job from start to failover. The application is another process, the way it would be in
 * life: a program in C that knows libdb and nothing of us, keeps books on what it has committed,
 * and can recompute every record from them.
 */
final class Demo implements AutoCloseable {
  private final Reporting reporting;
  private final Path work;
  private final DemoApplication application;

  /**
   * What came of it.
   *
   * @param syncs cycles after the snapshot
   * @param commits transactions found in the new primary
   * @param acknowledged transactions that the application knew to be durable when it was killed
   * @param lost how many of these the new primary does not have
   * @param accounts how many records were recomputed
   * @param right whether every one of them was what it must be
   */
  record Result(
      int syncs, long commits, long acknowledged, long lost, long accounts, boolean right) {
    boolean isGood() {
      return right && lost == 0 && acknowledged > 0;
    }
  }

  Demo(Path parent, Reporting reporting) throws IOException {
    this.reporting = reporting;
    this.work = Files.createTempDirectory(parent == null ? place() : parent, "bdb-standby-demo");
    this.application = new DemoApplication(work);
  }

  /** The first of the usual places where a live file can be read page by page. */
  private static Path place() throws IOException {
    Path first = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path each :
        new Path[] {
          first, Path.of(""), Path.of(System.getProperty("user.home")), Path.of("/var/tmp")
        }) {
      Path candidate = each.toAbsolutePath();
      try {
        new CopyMethodChoice(CopyMethodChoice.Sharing.OTHER_PROCESS, Optional.empty(), candidate)
            .in(candidate);
        return candidate;
      } catch (NoPageAtomicReadException e) {
        // the next one, then
      }
    }
    return first;
  }

  Result run(int seconds) throws IOException {
    Path home = work.resolve("active");
    Path copy = work.resolve("standby");
    application.create(home);
    say("An application works on %s: B-tree, hash, recno, queue and heap databases,", home);
    say("each commit made durable and written down, checkpoints, transactions of two seconds.");
    application.start(home);
    Standby standby = Standby.at(copy);
    cycle(standby.snapshot(SourceRequest.of(home), SnapshotOptions.defaults(), RunListener.NONE));
    int syncs = 0;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    do {
      pause();
      cycle(standby.sync(SyncOptions.defaults(), RunListener.NONE));
      syncs++;
    } while (System.nanoTime() < end || syncs < 3);
    VerificationReport verified = standby.verify(Optional.empty(), RunListener.NONE);
    say(
        "Verified: %d files as the manifest has them, %d databases right in libdb's eyes.",
        verified.files(), verified.databases());
    pause();
    application.kill();
    say("The application is killed (SIGKILL). The standby takes over:");
    cycle(standby.failover(FailoverOptions.defaults(), RunListener.NONE).cycle());
    JsonNode checked = application.check(copy);
    long acknowledged = application.acknowledged();
    long lost = checked.path("lostAcks").asLong();
    say(
        "Checked: %d accounts recomputed from %d committed transactions; of %d acknowledged ones %d"
            + " are lost.",
        checked.path("accounts").asLong(), checked.path("journal").asLong(), acknowledged, lost);
    boolean right = checked.path("ok").asBoolean() && verified.isGood();
    application.workOn(copy);
    JsonNode after = application.check(copy);
    say(
        "The application goes on in the new primary: %d transactions now, all right.",
        after.path("journal").asLong());
    return new Result(
        syncs,
        checked.path("journal").asLong(),
        acknowledged,
        lost,
        checked.path("accounts").asLong(),
        right && after.path("ok").asBoolean());
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted");
    }
  }

  private void cycle(CycleReport report) {
    long bytes = report.steps().stream().mapToLong(step -> step.bytes()).sum();
    say(
        "%-9s %8.3f s  %9s  %3d of %3d log files needed, recovered to %s",
        report.command(),
        CycleOutput.seconds(report.duration()),
        CycleOutput.size(bytes),
        report.logs().needed(),
        report.logs().retained(),
        report.recoveredTo());
    report.notes().forEach(note -> say("  %s", note));
  }

  private void say(String format, Object... arguments) {
    if (reporting.isJson()) {
      reporting.err().println(String.format(Locale.ROOT, format, arguments));
      reporting.err().flush();
    } else {
      reporting.say(String.format(Locale.ROOT, format, arguments));
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    application.kill();
    FileUtils.deleteDirectory(work.toFile());
  }
}
