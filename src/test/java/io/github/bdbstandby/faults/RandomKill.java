package io.github.bdbstandby.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** SIGKILL at any moment, but for those in which the source could be harmed. */
final class RandomKill implements Fault {
  private static final long MOST_MILLIS = 1800;

  private final Command command;
  private final Random random;
  private final Aftermath aftermath;
  private String last = "";

  RandomKill(Command command, Random random, Aftermath aftermath) {
    this.command = command;
    this.random = random;
    this.aftermath = aftermath;
  }

  @Override
  public String kind() {
    return "SIGKILL of " + command.name().toLowerCase(Locale.ROOT) + " at a random moment";
  }

  @Override
  public boolean strike(Scene scene) throws IOException, InterruptedException {
    // Before that the Java machine starts.
    long millis = 350 + random.nextLong(command == Command.FOLLOW ? 2 * MOST_MILLIS : MOST_MILLIS);
    last = kind() + ", after " + millis + " ms";
    Path subject = scene.prepare(command);
    Struck.Blow blow = Struck.Blow.after(millis);
    Struck struck = Struck.run(scene, command, subject, blow);
    last += ": " + struck.end();
    struck.assertOrderly(command, blow);
    if (scene.isOnDisk()) {
      scene.disk().cut();
    }
    aftermath.check(scene, command, subject);
    return struck.killed();
  }

  @Override
  public String last() {
    return last;
  }
}
