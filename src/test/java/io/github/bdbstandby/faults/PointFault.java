package io.github.bdbstandby.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Death or an error at one file operation of a command; or the power goes there. */
final class PointFault implements Fault {
  private final Command usual;
  private final boolean powerCut;
  private final Points points;
  private final Random random;
  private final Aftermath aftermath;
  private Command command;
  private String last = "";

  /**
   * A kind of fault.
   *
   * @param usual the command that is struck, while others have no points left that were never
   *     struck
   * @param powerCut only where the scene is on a disk whose power can be cut
   */
  PointFault(Command usual, boolean powerCut, Points points, Random random, Aftermath aftermath) {
    this.usual = usual;
    this.command = usual;
    this.powerCut = powerCut;
    this.points = points;
    this.random = random;
    this.aftermath = aftermath;
  }

  @Override
  public String kind() {
    return (powerCut ? "power cut in " : "fault in ") + command.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean strike(Scene scene) throws IOException, InterruptedException {
    command = choose(scene);
    String name = command.of(scene);
    if (!points.knows(name)) {
      enumerate(scene, name);
    }
    Point point = points.next(name, random);
    List<Action> actions =
        Action.of(point).stream().filter(action -> !powerCut || action.kills()).toList();
    // Death is what happens most.
    Action action =
        random.nextBoolean()
            ? actions.get(random.nextInt(actions.size()))
            : random.nextBoolean() ? Action.KILL_BEFORE : Action.KILL_AFTER;
    last = name + ", " + action.word() + " at " + point.at();
    Path subject = scene.prepare(command);
    Struck.Blow blow = Struck.Blow.at(point, action);
    Struck struck = Struck.run(scene, command, subject, blow);
    last += ": " + struck.end();
    points.learn(name, struck.trace());
    struck.assertOrderly(command, blow);
    if (powerCut) {
      scene.disk().cut();
    }
    aftermath.check(scene, command, subject);
    if (struck.trace().struck()) {
      points.struck(name, point);
    }
    // A command that ended before its point has been cut after its end: that is a fault as well.
    return struck.trace().struck() || powerCut;
  }

  private Command choose(Scene scene) {
    if (points.hasFresh(usual.of(scene))) {
      return usual;
    }
    return Arrays.stream(Command.values())
        .filter(each -> points.hasFresh(each.of(scene)))
        .findFirst()
        .orElse(usual);
  }

  /** Runs the command unharmed, to see what it does. */
  private void enumerate(Scene scene, String name) throws IOException, InterruptedException {
    last = name + ", unharmed";
    Path subject = scene.prepare(command);
    Struck struck = Struck.run(scene, command, subject, Struck.Blow.none());
    last += ": " + struck.end();
    struck.assertOrderly(command, Struck.Blow.none());
    points.learn(name, struck.trace());
    aftermath.goesOn(scene, command, subject);
  }

  @Override
  public String last() {
    return last;
  }
}
