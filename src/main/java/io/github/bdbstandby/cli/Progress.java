package io.github.bdbstandby.cli;

import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepReport;
import io.github.bdbstandby.standby.StandbyListener;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows progress on standard error when that is a terminal: bytes, rate and time left of a copy,
 * percent of a recovery. Quiet otherwise.
 */
final class Progress implements StandbyListener, AutoCloseable {
  private static final int WIDTH = 78;
  private static final int EVERY_MILLIS = 200;
  private final boolean shown;
  private ProgressBar bar;

  private Progress(boolean shown) {
    this.shown = shown;
  }

  static Progress onTerminal(Reporting reporting) {
    reporting.err().flush();
    return new Progress(System.getenv("TERM") != null && Terminal.isStandardError());
  }

  @Override
  public synchronized void began(StepName step, long bytes) {
    close();
    if (!shown || (step != StepName.RECOVER && bytes == 0)) {
      return;
    }
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(step.word())
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(EVERY_MILLIS)
            .setMaxRenderedLength(WIDTH)
            .setConsumer(new ConsoleProgressBarConsumer(System.err));
    bar =
        step == StepName.RECOVER
            ? builder.setInitialMax(100).setUnit("%", 1).build()
            : builder.setInitialMax(bytes).setUnit(" MiB", 1L << 20).showSpeed().build();
  }

  @Override
  public synchronized void copied(StepName step, long bytes) {
    if (bar != null) {
      bar.stepBy(bytes);
    }
  }

  @Override
  public synchronized void recovered(int percent) {
    if (bar != null) {
      bar.stepTo(percent);
    }
  }

  @Override
  public synchronized void ended(StepReport report) {
    close();
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
