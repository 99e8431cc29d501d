package io.github.bdbstandby.faults;

import io.github.bdbstandby.procedure.Procedure;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes fault after fault, on scene after scene, until enough were survived. */
final class Harness {
  private static final int MOST_IN_A_SCENE = 40;
  private static final int FEWEST_IN_A_SCENE = 6;
  private static final int SCENES_IN_A_ROUND = 4;
  private static final int MOST_LOSSES = 10;
  private static final List<String> ENVIRONMENTS =
      List.of(
          "subdirectories",
          "btree",
          "queue-extents",
          "data-dirs-config",
          "heap",
          "hash",
          "recno",
          "checksummed",
          "pagesize-512");

  private final int wanted;
  private final long seed;
  private final Path kept;
  private final PrintStream out;
  private final Random random;
  private final Report report = new Report();
  private final Points points = new Points();
  private final Map<Setting, Deque<Fault>> decks = new EnumMap<>(Setting.class);
  private int lost;

  /** What a scene is made of, besides its environment. */
  private enum Setting {
    SHORT(Procedure.SHORT, false),
    LONG_ON_DISK(Procedure.LONG, true),
    LONG(Procedure.LONG, false),
    SHORT_ON_DISK(Procedure.SHORT, true);

    private final Procedure procedure;
    private final boolean onDisk;

    Setting(Procedure procedure, boolean onDisk) {
      this.procedure = procedure;
      this.onDisk = onDisk;
    }
  }

  /**
   * A run of many faults.
   *
   * @param wanted how many to survive
   * @param kept where a loss is kept, to be looked at
   */
  Harness(int wanted, long seed, Path kept, PrintStream out) {
    this.wanted = wanted;
    this.seed = seed;
    this.kept = kept;
    this.out = out;
    this.random = new Random(seed);
  }

  /** Runs it, and prints what came of it. */
  Report run() throws IOException, InterruptedException {
    out.println("faults: " + wanted + " wanted, seed " + seed);
    int inAScene =
        Math.max(FEWEST_IN_A_SCENE, Math.min(MOST_IN_A_SCENE, wanted / SCENES_IN_A_ROUND));
    for (int number = 0; report.survived() < wanted && lost < MOST_LOSSES; number++) {
      Setting setting = Setting.values()[number % Setting.values().length];
      play(setting, ENVIRONMENTS.get(number % ENVIRONMENTS.size()), number % 3 == 2, inAScene);
    }
    out.println(report.text(points));
    return report;
  }

  /** One scene, until it has had its share or something is lost. */
  private void play(Setting setting, String environment, boolean longs, int faults)
      throws IOException, InterruptedException {
    String what = setting + " of " + environment + (longs ? ", with long transactions" : "");
    log("scene: " + what);
    try (Scene scene = Scene.make(setting.procedure, environment, setting.onDisk, longs)) {
      int end = Math.min(wanted, report.survived() + faults);
      while (report.survived() < end) {
        Fault fault = next(setting);
        if (!survives(scene, fault, what)) {
          return;
        }
      }
      if (scene.isArchiving()) {
        scene.keeper().assertUnchanged(scene.archive());
      }
    }
    out.printf("%d survived after %s%n", report.survived(), what);
  }

  private boolean survives(Scene scene, Fault fault, String what)
      throws IOException, InterruptedException {
    try {
      boolean struck = fault.strike(scene);
      if (struck) {
        report.survived(fault.kind());
      } else {
        report.count("runs that ended before the fault");
      }
      log((struck ? "survived: " : "missed: ") + fault.last());
      return true;
    } catch (IOException | RuntimeException | AssertionError e) {
      keep(scene, fault, what, e);
      return false;
    }
  }

  /** All that was done, in order: what was lost may have begun earlier. */
  private void log(String line) throws IOException {
    Files.createDirectories(kept);
    Files.writeString(
        kept.resolve("seed-" + seed + ".log"),
        line.strip() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void keep(Scene scene, Fault fault, String what, Throwable why) throws IOException {
    Path place = Files.createDirectories(kept.resolve("seed-" + seed + "-loss-" + ++lost));
    StringWriter text = new StringWriter();
    text.append(what).append('\n').append(fault.last()).append('\n');
    why.printStackTrace(new PrintWriter(text));
    Files.writeString(place.resolve("what"), text.toString());
    for (Path each :
        List.of(
            scene.standby(),
            scene.twin(),
            scene.left(),
            scene.archive(),
            scene.home(),
            scene.bank().acknowledged(),
            scene.scratch("trace"))) {
      if (Files.exists(each)) {
        Scene.copy(each, place.resolve(each.getFileName()));
      }
    }
    report.lost(fault.last() + "; kept in " + place + ": " + why.getMessage());
    log("LOST: " + fault.last());
    out.println("LOSS: " + what + "; " + fault.last() + "\n" + text);
  }

  /** All kinds come in turn, mixed, in the shares of a deck of cards. */
  private Fault next(Setting setting) {
    Deque<Fault> deck = decks.computeIfAbsent(setting, key -> new ArrayDeque<>());
    if (deck.isEmpty()) {
      List<Fault> cards = setting.onDisk ? onDisk() : onFiles();
      Collections.shuffle(cards, random);
      deck.addAll(cards);
    }
    return deck.pop();
  }

  private List<Fault> onFiles() {
    Aftermath aftermath = new Aftermath(random, report);
    List<Fault> cards = new ArrayList<>();
    add(cards, 3, Command.FIRST, false);
    add(cards, 4, Command.OVER, false);
    add(cards, 6, Command.SYNC, false);
    add(cards, 4, Command.FOLLOW, false);
    add(cards, 4, Command.FAILOVER, false);
    cards.add(new RandomKill(Command.SYNC, random, aftermath));
    cards.add(new RandomKill(Command.FOLLOW, random, aftermath));
    cards.add(new WriterKill(random, aftermath));
    return cards;
  }

  private List<Fault> onDisk() {
    Aftermath aftermath = new Aftermath(random, report);
    List<Fault> cards = new ArrayList<>();
    add(cards, 2, Command.FIRST, true);
    add(cards, 3, Command.OVER, true);
    add(cards, 5, Command.SYNC, true);
    add(cards, 3, Command.FOLLOW, true);
    add(cards, 2, Command.FAILOVER, true);
    cards.add(new RandomKill(Command.FOLLOW, random, aftermath));
    cards.add(new FullDisk(Command.FIRST, random, aftermath));
    cards.add(new FullDisk(Command.OVER, random, aftermath));
    cards.add(new FullDisk(Command.SYNC, random, aftermath));
    cards.add(new FullDisk(Command.FOLLOW, random, aftermath));
    return cards;
  }

  private void add(List<Fault> cards, int count, Command command, boolean powerCut) {
    for (int i = 0; i < count; i++) {
      cards.add(new PointFault(command, powerCut, points, random, new Aftermath(random, report)));
    }
  }
}
