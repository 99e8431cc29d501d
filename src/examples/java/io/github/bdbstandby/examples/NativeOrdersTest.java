package io.github.bdbstandby.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.standby.FailoverOptions;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyListener;
import io.github.bdbstandby.standby.SyncOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application whose native code has the environment open: all we get is its {@code DB_ENV *}.
 */
final class NativeOrdersTest {
  private static final int DB_THREAD = 0x20;
  private static final int DB_PRIVATE = 0x10000;

  /** The application's native code: {@code src/examples/c/orders.c}. */
  interface Orders extends Library {
    Pointer orders_open(String home, int moreFlags);

    Pointer orders_book(Pointer env);

    int orders_place(Pointer env, Pointer book, int number, long cents);

    long orders_total(Pointer book);

    int orders_close(Pointer env, Pointer book);
  }

  @TempDir Path work;

  @Test
  void syncsAndFailsOver() throws Exception {
    Orders orders = Native.load(System.getProperty("bdbstandby.examples.library"), Orders.class);
    Standby standby = Standby.at(work.resolve("standby"));
    String home = Files.createDirectory(work.resolve("orders")).toString();
    Pointer env = orders.orders_open(home, DB_THREAD | DB_PRIVATE);
    Pointer book = orders.orders_book(env);

    try (DbEnvironment attached = DbEnvironment.attach(Pointer.nativeValue(env))) {
      SourceRequest source = SourceRequest.attached(attached);
      standby.snapshot(source, SnapshotOptions.defaults(), StandbyListener.NONE);
      for (int number = 0; number < 1_000; number++) {
        assertThat(orders.orders_place(env, book, number, 5)).isZero();
      }
      standby.sync(SyncOptions.of(source), StandbyListener.NONE);
    } // before the environment is closed
    assertThat(orders.orders_close(env, book)).isZero();

    standby.failover(FailoverOptions.defaults(), StandbyListener.NONE);
    Pointer promoted = orders.orders_open(standby.directory().toString(), DB_THREAD | DB_PRIVATE);
    Pointer copy = orders.orders_book(promoted);
    assertThat(orders.orders_total(copy)).isEqualTo(5_000);
    assertThat(orders.orders_close(promoted, copy)).isZero();
  }
}
