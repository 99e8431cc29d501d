package io.github.bdbstandby.standby;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source whose application writes no log, and changes other files of its home. */
final class FollowIdleTest {
  /** In which a follower looks several times. */
  private static final long LOOKS_MILLIS = 1500;

  private static final int CYCLES = 9;

  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void source() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home, "--types", "btree", "--config", "# first");
    Files.writeString(home.resolve("notes.txt"), "first");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private Child follow(String how) throws Exception {
    return Cli.start("follow", "--standby", standby, "--json", "--interval", "200ms", how);
  }

  private static void stop(Child follower) throws Exception {
    follower.signal("TERM");
    assertThat(follower.await().code()).isEqualTo(143);
  }

  /** At once: a follower may look at any moment. */
  private void put(String name, String content) throws Exception {
    Path made = Files.writeString(work.resolve("made"), content);
    Files.move(made, home.resolve(name), ATOMIC_MOVE, REPLACE_EXISTING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v", "--passive"})
  void theyComeAllTheSame(String how) throws Exception {
    try (Child application = Writer.idle(home);
        Child follower = follow(how)) {
      follower.awaitLines("{", 1);
      put("notes.txt", "second, and longer");
      follower.awaitLines("{", 2);
      assertThat(standby.resolve("notes.txt")).hasContent("second, and longer");
      put("DB_CONFIG", "# second, and longer\n");
      follower.awaitLines("{", 3);
      assertThat(standby.resolve("DB_CONFIG")).hasContent("# second, and longer");
      Path more = Files.createDirectory(work.resolve("more"));
      Files.writeString(more.resolve("new.txt"), "new");
      Files.move(more, home.resolve("more"));
      follower.awaitLines("{", 4);
      assertThat(standby.resolve("more/new.txt")).hasContent("new");
      stop(follower);
      application.stop();
    }
    Cli.json("verify", "--standby", standby).good();
  }

  /** What can't be brought is no reason to try again and again. */
  @Test
  void whatStaysAsItIsMakesNoCycles() throws Exception {
    try (Child application = Writer.idle(home);
        Child follower = follow("-v")) {
      follower.awaitLines("{", 1);
      put("DB_CONFIG", "set_foo bar\n");
      follower.awaitLines("{", 2);
      TimeUnit.MILLISECONDS.sleep(LOOKS_MILLIS);
      stop(follower);
      assertThat(follower.await().out().lines().filter(line -> line.startsWith("{"))).hasSize(2);
      application.stop();
    }
  }

  /** Else an application that keeps a journal of its own there would have it copied without end. */
  @Test
  void aFileThatAlwaysChangesLeavesTheSourceAtRest() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    Thread journal = new Thread(() -> appendUntil(enough));
    try (Child application = Writer.idle(home);
        Child follower = Cli.start("follow", "--standby", standby, "--json", "--interval", "1ms")) {
      follower.awaitLines("{", 1);
      journal.start();
      long begin = System.nanoTime();
      List<String> cycles = follower.awaitLines("{", CYCLES);
      long passed = System.nanoTime() - begin;
      double worked = 0;
      for (String line : cycles.subList(1, cycles.size() - 1)) { // each had its rest
        worked += new ObjectMapper().readTree(line).path("seconds").asDouble();
      }
      assertThat(worked).isPositive().isLessThan(passed / 1e9 / 2);
      stop(follower);
      application.stop();
    } finally {
      enough.set(true);
      journal.join();
    }
    Cli.json("sync", "--standby", standby).good();
    assertThat(Files.mismatch(home.resolve("notes.txt"), standby.resolve("notes.txt")))
        .isEqualTo(-1);
  }

  private void appendUntil(AtomicBoolean enough) {
    try {
      while (!enough.get()) {
        Files.writeString(home.resolve("notes.txt"), ".", StandardOpenOption.APPEND);
        TimeUnit.MILLISECONDS.sleep(2);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
