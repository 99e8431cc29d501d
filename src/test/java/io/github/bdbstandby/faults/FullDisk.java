package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** The standby's disk fills up while a command runs, and is given room again afterwards. */
final class FullDisk implements Fault {
  private static final long MOST_MILLIS = 1500;
  private static final long MOST_LEFT = 300_000;
  private static final long FOLLOW_MILLIS = 2500;

  private final Command command;
  private final Random random;
  private final Aftermath aftermath;
  private String last = "";

  FullDisk(Command command, Random random, Aftermath aftermath) {
    this.command = command;
    this.random = random;
    this.aftermath = aftermath;
  }

  @Override
  public String kind() {
    return "full disk under " + command.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean strike(Scene scene) throws IOException, InterruptedException {
    Path standby = scene.prepare(command);
    Path trace = scene.scratch("trace");
    Files.deleteIfExists(trace);
    long left = random.nextLong(MOST_LEFT);
    long millis = 200 + random.nextLong(MOST_MILLIS);
    last = kind() + ", " + left + " bytes left after " + millis + " ms";
    scene.books().command(standby);
    Child.Ended ended;
    try (Child child = Struck.start(scene, command, standby, trace, Struck.Blow.none())) {
      watch(scene, standby, child, millis);
      scene.disk().fill(left);
      if (command == Command.FOLLOW) {
        watch(scene, standby, child, FOLLOW_MILLIS);
        child.signal("TERM");
      } else {
        watch(scene, standby, child, 240_000);
      }
      ended = child.await();
      last += ": exit " + ended.code() + " " + ended.lastLine() + " " + ended.err();
    }
    assertThat(ended.code()).as("%s", ended).isIn(0, 1, 3, 128 + 15);
    if (ended.code() == 1 || ended.code() == 3) {
      JsonNode said = new ObjectMapper().readTree(ended.lastLine());
      assertThat(said.path("reason").asText()).as("%s", ended).isEqualTo("disk-full");
    }
    aftermath.asLeft(scene, standby);
    scene.disk().empty();
    aftermath.goesOn(scene, command, standby);
    return ended.code() != 0 && ended.code() != 128 + 15;
  }

  private static void watch(Scene scene, Path standby, Child child, long millis)
      throws IOException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (child.isAlive() && System.nanoTime() < end) {
      scene.books().note(standby);
      Busy.pause(10);
    }
  }

  @Override
  public String last() {
    return last;
  }
}
