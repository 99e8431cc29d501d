package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A file of several names is asked for by whoever lists one of them. */
final class FileChangeTest {
  private static final int TIMES = 10_000;
  private static final byte[] WRITTEN = {1, 2, 3, 4, 5};

  @Test
  void whoeverAsksIsToldTheSame() throws Exception {
    OptionalLong alone = written().sumAfter(7, 1000);
    List<FileChange> changes = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      changes.add(written());
    }
    AtomicInteger arrived = new AtomicInteger();
    Callable<List<OptionalLong>> asking =
        () -> {
          List<OptionalLong> told = new ArrayList<>();
          for (int time = 0; time < TIMES; time++) {
            arrived.incrementAndGet();
            while (arrived.get() < 2 * (time + 1)) {
              Thread.onSpinWait(); // both at once
            }
            told.add(changes.get(time).sumAfter(7, 1000));
          }
          return told;
        };
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<List<OptionalLong>> each : threads.invokeAll(List.of(asking, asking))) {
        assertThat(each.get()).containsOnly(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static FileChange written() {
    FileChange change = new FileChange(1000, 0);
    change.add(WRITTEN, WRITTEN.length, 100);
    return change;
  }
}
