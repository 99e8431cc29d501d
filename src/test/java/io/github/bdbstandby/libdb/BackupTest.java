package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupTest {

  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"btree", "hash", "recno", "queue", "heap"})
  void copyOfAQuietDatabaseIsItsFile(String type) throws IOException {
    Path home =
        Tools.init(temp.resolve("home"), "--types", type, "--subdir", "sub", "--accounts", "3000");
    Tools.commits(home, 1000);
    Path copy = Files.createDirectory(temp.resolve("copy"));
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      env.checkpoint(true);
      String name = "sub/accounts-" + type + "-0.db";
      CollectingSink sink = new CollectingSink();
      env.backupDatabase(name, sink);
      sink.writeTo(copy);
      assertThat(sink.calls.get(0)).isEqualTo("open " + name);
      assertThat(sink.calls.get(sink.calls.size() - 1)).startsWith("close ");
      for (String file : sink.files.keySet()) {
        assertThat(sink.files.get(file).toByteArray())
            .isEqualTo(Files.readAllBytes(home.resolve(file)));
      }
      Tools.runOk("db5.3_verify", "-h", copy.toString(), name);
    }
  }

  @Test
  void copiesOfABusyEnvironmentRecover() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree,hash,queue", "--extent", "4");
    Path copy = Files.createDirectory(temp.resolve("copy"));
    try (Tools.Busy busy = Tools.busy(home);
        DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      List<String> names =
          env.databases().paths().stream()
              .map(path -> path.getFileName().toString())
              .filter(name -> !name.startsWith("__dbq."))
              .toList();
      assertThat(names).hasSizeGreaterThan(3);
      boolean extents = false;
      java.util.Set<String> seen = new java.util.TreeSet<>();
      for (String name : names) {
        CollectingSink sink = new CollectingSink();
        env.backupDatabase(name, sink);
        sink.writeTo(copy);
        seen.addAll(sink.files.keySet());
        extents |= sink.files.keySet().stream().anyMatch(file -> file.startsWith("__dbq."));
      }
      assertThat(extents).as("queue extents come as further names: %s", seen).isTrue();
      env.flushLog();
      for (LogFile log : LogFile.in(home)) {
        Files.copy(log.path(), copy.resolve(log.path().getFileName().toString()));
      }
      Files.copy(home.resolve("bdb-writer.conf"), copy.resolve("bdb-writer.conf"));
      assertThat(busy.isAlive()).isTrue();
    }
    DbEnvironment.recover(
        copy, RecoveryOptions.catastrophic(EnvironmentOptions.defaults()), RecoveryListener.NONE);
    assertThat(Tools.writer("check", copy).out()).contains("\"ok\":true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "write", "close"})
  void sinkThatThrowsLeavesTheSourceRunning(String where) throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree", "--accounts", "20000");
    for (Exception thrown :
        List.of(
            new IOException("sink"),
            new IllegalStateException("sink"),
            new OperationCancelledException("sink"))) {
      try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
        CollectingSink sink = new ThrowingSink(where, thrown);
        assertThatThrownBy(() -> env.backupDatabase("accounts-btree-0.db", sink))
            .satisfies(
                e -> {
                  if (thrown instanceof IOException) {
                    assertThat(e).isInstanceOf(UncheckedIOException.class).cause().isSameAs(thrown);
                  } else {
                    assertThat(e).isSameAs(thrown);
                  }
                });
        long opened = sink.calls.stream().filter(call -> call.startsWith("open")).count();
        long closed = sink.calls.stream().filter(call -> call.startsWith("close")).count();
        assertThat(closed).isEqualTo(opened);
        // The guard is down: pages are written, and another process can take a checkpoint.
        Tools.commits(home, 200);
        Tools.runOk(
            "timeout", "-s", "KILL", "240", "db5.3_checkpoint", "-1", "-h", home.toString());
        env.checkpoint(true);
        CollectingSink second = new CollectingSink();
        env.backupDatabase("accounts-btree-0.db", second);
        assertThat(second.files).containsOnlyKeys("accounts-btree-0.db");
      }
    }
  }

  private static final class ThrowingSink extends CollectingSink {

    private final String where;
    private final Exception thrown;

    ThrowingSink(String where, Exception thrown) {
      this.where = where;
      this.thrown = thrown;
    }

    private void at(String here) throws IOException {
      if (here.equals(where)) {
        if (thrown instanceof IOException e) {
          throw e;
        }
        throw (RuntimeException) thrown;
      }
    }

    @Override
    public void open(String name) throws IOException {
      at("open");
      super.open(name);
    }

    @Override
    public void write(String name, long offset, ByteBuffer bytes) throws IOException {
      super.write(name, offset, bytes);
      at("write");
    }

    @Override
    public void close(String name) throws IOException {
      super.close(name);
      at("close");
    }
  }

  @Test
  void oneAtATimePerHandle() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree", "--accounts", "20000");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      List<Future<byte[]>> copies = new java.util.ArrayList<>();
      for (int i = 0; i < 12; i++) {
        copies.add(
            threads.submit(
                () -> {
                  CollectingSink sink = new CollectingSink();
                  env.backupDatabase("accounts-btree-0.db", sink);
                  return sink.files.get("accounts-btree-0.db").toByteArray();
                }));
      }
      byte[] first = copies.get(0).get(Tools.SECONDS, TimeUnit.SECONDS);
      for (Future<byte[]> copy : copies) {
        assertThat(copy.get(Tools.SECONDS, TimeUnit.SECONDS)).isEqualTo(first);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void twoHandlesOnOneFileAreToldApart() throws Exception {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree", "--accounts", "20000");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (DbEnvironment one = DbEnvironment.join(home, EnvironmentOptions.defaults());
        DbEnvironment two = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      Future<?> first =
          thread.submit(
              () ->
                  one.backupDatabase(
                      "accounts-btree-0.db",
                      new CollectingSink() {
                        @Override
                        public void write(String name, long offset, ByteBuffer bytes)
                            throws IOException {
                          super.write(name, offset, bytes);
                          writing.countDown();
                          try {
                            goOn.await();
                          } catch (InterruptedException e) {
                            throw new IOException(e);
                          }
                        }
                      }));
      writing.await();
      assertThatThrownBy(() -> two.backupDatabase("accounts-btree-0.db", new CollectingSink()))
          .isInstanceOfSatisfying(
              DbException.class, e -> assertThat(e.codeName()).isEqualTo("EBUSY"));
      goOn.countDown();
      first.get(Tools.SECONDS, TimeUnit.SECONDS);
    } finally {
      thread.shutdown();
    }
    Tools.runOk("timeout", "-s", "KILL", "240", "db5.3_checkpoint", "-1", "-h", home.toString());
  }

  @Test
  void databaseThatIsNotThere() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree");
    try (DbEnvironment env = DbEnvironment.join(home, EnvironmentOptions.defaults())) {
      CollectingSink sink = new CollectingSink();
      assertThatThrownBy(() -> env.backupDatabase("none.db", sink))
          .isInstanceOf(NoSuchFileDbException.class)
          .hasMessageStartingWith("DB_ENV->dbbackup none.db in " + home + ": ");
      assertThat(sink.calls).isEmpty();
    }
  }

  @Test
  void writesPastTheEndAreLeftOut() throws IOException {
    long pageSize = 4096;
    CollectingSink sink = new CollectingSink();
    BackupRelay relay = new BackupRelay(sink);
    relay.open(new byte[] {'a'});
    relay.write(0, pages(pageSize, 0, 256));
    relay.write(1 << 20, pages(pageSize, 256, 10));
    // libdb read pages 267 and on, and says that they belong at 266.
    relay.write((1 << 20) + 10 * pageSize, pages(pageSize, 267, 3));
    relay.close();
    assertThat(sink.calls).containsExactly("open a", "write a", "write a", "close a");
    // A heap's next region may begin just there.
    relay.open(new byte[] {'b'});
    relay.write(0, pages(pageSize, 0, 10));
    relay.write(10 * pageSize, pages(pageSize, 10, 5));
    relay.write(15 * pageSize, pages(pageSize, 16, 5));
    relay.close();
    assertThat(sink.files.get("b").size()).isEqualTo(15 * 4096);
  }

  private static ByteBuffer pages(long size, int first, int count) {
    int pageSize = (int) size;
    ByteBuffer bytes = ByteBuffer.allocateDirect(pageSize * count).order(ByteOrder.nativeOrder());
    for (int i = 0; i < count; i++) {
      bytes.putInt(i * pageSize + 8, first + i);
    }
    if (first == 0) {
      bytes.putInt(20, pageSize);
    }
    return bytes;
  }
}
