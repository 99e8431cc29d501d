package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.BackupSink;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A copy of the application's own that stands still, and with it each checkpoint that has pages of
 * that file to write.
 */
final class HeldCopy implements BackupSink, AutoCloseable {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final CompletableFuture<Void> copy;

  HeldCopy(Path home, String database) throws Exception {
    copy =
        CompletableFuture.runAsync(
            () -> {
              try (DbEnvironment own = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
                own.backupDatabase(database, this);
              }
            });
    assertThat(begun.await(5, TimeUnit.MINUTES)).isTrue();
  }

  @Override
  public void open(String name) {}

  @Override
  public void write(String name, long offset, ByteBuffer bytes) throws IOException {
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close(String name) {}

  @Override
  public void close() throws Exception {
    end.countDown();
    copy.get(5, TimeUnit.MINUTES);
  }
}
