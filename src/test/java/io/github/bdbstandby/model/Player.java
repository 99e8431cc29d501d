package io.github.bdbstandby.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.faults.Books;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Plays a script on a real environment, and holds what comes of it against the model. */
final class Player implements AutoCloseable {
  private static final int RECORDS = 100;
  private static final int LOADED = 300;

  private final Setting setting;
  private final Temporary directory;
  private final Bank bank;
  private final Source source;
  private final Ours ours;
  private final Inspection inspection;
  private Model model = Model.start();
  private Books books = new Books();
  private Path standby;
  private int takeovers;
  private final List<String> transcript = new ArrayList<>();
  private int played;
  private boolean lostByLibdb;

  /** A script that went wrong, and where. */
  static final class Wrong extends AssertionError {
    private static final long serialVersionUID = 1;
    private final int steps;

    Wrong(int steps, List<String> transcript, Throwable cause) {
      super(cause.getMessage() + "\n" + String.join("\n", transcript), cause);
      this.steps = steps;
    }

    /** How many of its steps it takes. */
    int steps() {
      return steps;
    }
  }

  private Player(Setting setting, Temporary directory) throws IOException {
    this.setting = setting;
    this.directory = directory;
    String[] more = {"--accounts", "60", "--log-size", String.valueOf(setting.logSize())};
    this.bank =
        setting.autoRemove()
            ? Bank.make(
                directory.path(),
                setting.environment(),
                more[0],
                more[1],
                more[2],
                more[3],
                "--auto-remove")
            : Bank.make(directory.path(), setting.environment(), more);
    this.source = new Source(bank);
    this.standby = directory.resolve("standby");
    this.ours = new Ours(directory.path());
    this.inspection = new Inspection(bank);
  }

  /** Plays all of it, and fails over at the end. */
  static void play(Script script) throws IOException {
    try (Temporary directory = Temporary.directory();
        Player player = new Player(script.setting(), directory)) {
      try {
        for (Step step : script.steps()) {
          player.played++;
          player.play(step);
          if (player.lostByLibdb) {
            return;
          }
        }
        player.played++;
        player.end();
      } catch (Exception | AssertionError e) {
        throw new Wrong(player.played, player.transcript, e);
      }
    }
  }

  private void play(Step step) throws Exception {
    if (step.isCommand()) {
      command(step);
      return;
    }
    OptionalLong before = source.firstLog();
    model = happen(step);
    OptionalLong after = source.firstLog();
    if (!model.isLost() && !before.equals(after)) {
      model = model.logsRemoved();
    }
  }

  /** Something happens to the source; what can't now is passed over. */
  private Model happen(Step step) throws Exception {
    if (model.isLost()) {
      return model;
    }
    boolean recover = model.application() == Model.Application.CRASHED || !model.regions();
    switch (step.verb()) {
      case "start" -> {
        if (model.isRunning()) {
          return model;
        }
        source.start(recover, step.arguments());
        return model.started(step.arguments().contains("churn"));
      }
      case "commits" -> {
        source.commit(step.number(0), recover);
        return model.isRunning() ? model : model.stopped();
      }
      case "stop" -> {
        source.stop();
        return model.isRunning() ? model.stopped() : model;
      }
      case "kill-writer" -> {
        source.kill();
        lookForLost();
        return model.isRunning() ? model.crashed(true) : model;
      }
      case "die" -> {
        if (model.application() != Model.Application.STOPPED) {
          return model;
        }
        source.die(step.number(0));
        return model.opened().crashed(true);
      }
      case "reboot" -> {
        source.reboot();
        lookForLost();
        return model.crashed(false);
      }
      case "lose-source" -> {
        source.lose();
        return model.lost();
      }
      default -> {
        return model.isOpenable() ? work(step) : model;
      }
    }
  }

  /**
   * The source's own recovery loses records of a queue that was made and renamed shortly before a
   * crash: whoever goes on from there has no database to compare a copy with.
   */
  private void lookForLost() throws IOException {
    lostByLibdb = model.isRunning() && model.churning() && inspection.losesChurned(source.home());
  }

  /** What another program does in an environment that needs no recovery. */
  private Model work(Step step) {
    Optional<String> name = step.arguments().stream().findFirst();
    boolean there = name.map(model.databases()::containsKey).orElse(false);
    switch (step.verb()) {
      case "checkpoint" -> {
        if (!model.regions()) {
          return model;
        }
        source.writer("checkpoint", "--timeout", "120");
        return model;
      }
      case "remove-logs" -> {
        // Regions made anew leave a record in their log's buffer; with them it would be gone, and
        // who makes others writes the like: whether a hold stood between is for nobody to tell.
        if (!model.regions()) {
          return model;
        }
        source.writer("archive", "--remove");
      }
      case "create" -> {
        if (there) {
          return model;
        }
        source.writer("create", "--db", name.orElseThrow());
        return model.opened().database(name.get(), 0).database(name.get(), RECORDS);
      }
      case "put" -> {
        if (!there) {
          return model;
        }
        int records = model.databases().get(name.orElseThrow());
        source.writer("put", "--db", name.get(), "--key", "more" + records, "--value", "v");
        return model.opened().database(name.get(), records + 1);
      }
      case "rename" -> {
        String to = step.argument(1);
        if (!there || model.databases().containsKey(to)) {
          return model;
        }
        source.writer("rename", "--db", name.orElseThrow(), "--to", to);
        return model.opened().renamed(name.get(), to);
      }
      case "bulk" -> {
        int before = model.databases().getOrDefault(name.orElseThrow(), 0);
        source.load(name.get(), LOADED, before);
        return model.opened().database(name.get(), before).database(name.get(), before + LOADED);
      }
      case "has-lost" -> {
        assertThat(source.databases())
            .as("lost by libdb's recovery")
            .doesNotContain(name.orElseThrow());
        return model.database(name.get(), null);
      }
      case "remove" -> {
        if (!there) {
          return model;
        }
        source.writer("remove", "--db", name.orElseThrow());
        return model.opened().database(name.get(), null);
      }
      default -> throw new IllegalArgumentException(step.toString());
    }
    return model.opened();
  }

  private String command(Step step) throws Exception {
    Map<String, String> before = untouchable();
    boolean switching = Files.exists(standby.resolve(".bdb-standby/journal.json"));
    books.command(standby);
    long held = books.lastGood(standby).orElse(0L);
    long began = Busy.now();
    Ours.Answer answer = ours.run(step, places());
    books.note(standby);
    transcript.add(step + ": " + answer.text());
    if (!isOfRenamings(step, answer, began)) {
      assertThat(answer.word())
          .as("%s, %s%n%s", step, model, answer.text())
          .isIn(Answers.to(step, model, setting));
    }
    if (answer.word().startsWith("3") || answer.word().startsWith("4")) {
      assertThat(switching ? before : untouchable())
          .as("%s said %s: the standby's files after that%n%s", step, answer.word(), answer.text())
          .isEqualTo(before);
    }
    if (step.kill().isPresent()) {
      source.assertUnharmed();
    }
    switch (step.verb()) {
      case "snapshot", "sync", "follow" -> brought(step, answer);
      case "failover" -> failedOver(step, answer, began, held);
      default -> {}
    }
    if (switching && answer.word().matches("[134] .*")) {
      model = model.cutOff(state(step)); // a switch is ended before anything is looked at
    }
    assertConsistent();
    return answer.word();
  }

  /** What databases were called may be in the way, if they were. */
  private boolean isOfRenamings(Step step, Ours.Answer answer, long began) throws IOException {
    if (step.verb().equals("snapshot")) {
      return answer.word().equals(Answers.NOT_FOLLOWED)
          && Renamings.in(source.home()).mayLoseFromCopy(began);
    }
    return answer.word().equals(Answers.NOT_BROUGHT)
        && Set.of("sync", "failover").contains(step.verb())
        && Renamings.in(standby, source.home())
            .mayLose(Bank.logsIn(standby).stream().mapToLong(Bank::number).min().orElse(0));
  }

  /**
   * The standby's bytes, but for the lock and what ends the write of a page that was cut off; also
   * for what was left of an image, where there is a standby that is whole beside it.
   */
  private Map<String, String> untouchable() throws IOException {
    Map<String, String> found = Tree.of(standby);
    boolean isWhole =
        found.containsKey(".bdb-standby/manifest.json")
            && !found.containsKey(".bdb-standby/journal.json");
    found
        .keySet()
        .removeIf(
            name -> isWhole && name.matches("\\.bdb-standby/(image|image-logs|scratch)(/.*)?"));
    found
        .keySet()
        .removeIf(
            name ->
                name.isEmpty()
                    || name.endsWith(".bdb-standby-tmp") // what a crash left goes
                    || name.matches("\\.bdb-standby(/lock|/page-slot|/last-error.*)?"));
    return found;
  }

  private void brought(Step step, Ours.Answer answer) throws Exception {
    if (answer.word().equals(Answers.GOOD)
        || (answer.word().equals(Answers.STOPPED) && answer.cycles() > 0)) {
      model = model.upToDate();
    } else if (answer.word().equals(Answers.KILLED) || answer.word().equals(Answers.STOPPED)) {
      model = model.cutOff(state(step));
    }
  }

  /** How a command that was cut off has left it. */
  private Copy.State state(Step step) throws Exception {
    Copy.State before = model.copy().state();
    boolean begun = before == Copy.State.BEGUN || before == Copy.State.BEGUN_AGAIN;
    if (model.copy().isWhole() || (!step.verb().equals("snapshot") && !begun)) {
      return before;
    }
    if (isInState("standby") && Files.exists(standby.resolve(".bdb-standby/manifest.json"))) {
      return Copy.State.WHOLE;
    }
    return isInState("promoted") ? Copy.State.BEGUN_AGAIN : Copy.State.BEGUN;
  }

  private boolean isInState(String state) throws Exception {
    return status().text().contains("\"state\":\"" + state + "\"");
  }

  private Ours.Answer status() throws Exception {
    return ours.run(Step.parse("status"), places());
  }

  private void failedOver(Step step, Ours.Answer answer, long began, long held) throws Exception {
    boolean accepted = step.arguments().contains(Step.ACCEPT_LOSS);
    boolean all = model.mustBringAll(step) && !(accepted && mayHaveRemoved(answer));
    if (answer.word().equals(Answers.KILLED) && !isInState("promoted")) {
      model = model.cutOff(state(step)); // it may have ended a snapshot's switch
      return;
    }
    if (!answer.word().equals(Answers.GOOD) && !answer.word().equals(Answers.KILLED)) {
      return;
    }
    long before = all ? began : held;
    Map<String, Integer> found = inspection.primary(standby, before);
    if (accepted && model.copy().doubts().contains(Copy.Doubt.BULK_LOAD)) {
      assertThat(model.since())
          .extracting(Map::keySet)
          .as("databases of the new primary, of whose records some may be given up")
          .contains(found.keySet());
    } else if (all) {
      assertThat(found).as("databases of the new primary").isEqualTo(model.databases());
    } else {
      assertThat(model.since()).as("databases of the new primary").contains(found);
    }
    Path left = source.home();
    source.move(standby);
    source.forgetAfter(before);
    model = model.failedOver(found);
    standby = left;
    books = new Books();
    takeovers++;
  }

  /**
   * Whether the application has removed log at some moment since, which was told if it could be.
   */
  private boolean mayHaveRemoved(Ours.Answer answer) {
    return setting.autoRemove()
        && model.isRunning()
        && (answer.word().equals(Answers.KILLED) || answer.text().contains("removed from the"));
  }

  /** Each history has an archive of its own. */
  private Ours.Places places() {
    return new Ours.Places(
        source.home(), standby, directory.resolve("archive-" + takeovers), setting);
  }

  /** As libdb's own recovery brings it; where that does not follow names, as ours does. */
  private Map<String, Integer> held(Set<Map<String, Integer>> possible, long good)
      throws IOException {
    try {
      Map<String, Integer> found = inspection.standby(standby, good);
      if (possible.contains(found) || !Renamings.in(standby).mayLoseByLibdb()) {
        return found;
      }
    } catch (AssertionError e) {
      if (!Renamings.in(standby).any()) {
        throw e;
      }
    }
    return inspection.recovered(standby, good);
  }

  private void assertHolds(boolean switching) throws IOException {
    long good = books.lastGood(standby).orElseThrow();
    Set<Map<String, Integer>> possible = model.copy().possible();
    Map<String, Integer> found = held(possible, good);
    if (switching && model.copy().doubts().contains(Copy.Doubt.BULK_LOAD)) {
      assertThat(possible) // a failover has looked, and given up what the source's log lacks
          .extracting(Map::keySet)
          .as("databases of the standby, of whose records some may be given up")
          .contains(found.keySet());
    } else {
      assertThat(possible).as("databases of the standby").contains(found);
    }
  }

  /** What must be so after each command of ours. */
  private void assertConsistent() throws Exception {
    if (model.copy().isWhole()) {
      assertHolds(Files.exists(standby.resolve(".bdb-standby/journal.json")));
    }
    for (String verb : List.of("verify", "status")) {
      Step step = Step.parse(verb);
      Ours.Answer answer = ours.run(step, places());
      Set<String> right = Answers.to(step, model, setting);
      String source =
          right.contains(answer.word()) ? "" : inspection.complaints(this.source.home());
      assertThat(answer.word())
          .as("%s, %s%n%s%nat the source: %s", step, model, answer.text(), source)
          .isIn(right);
    }
  }

  /** Always a failover, and the new primary can be written to. */
  private void end() throws Exception {
    if (!model.copy().isWhole() && !model.isLost()) {
      command(Step.parse("snapshot"));
    }
    if (!model.copy().isWhole() && !model.isLost()) { // stuck regions, or names
      recoverAndSnapshot();
    }
    if (!model.copy().isWhole()) {
      return; // the source is lost, and there never was a standby
    }
    if (!command(Step.parse("failover")).equals(Answers.GOOD)) {
      // The way out that it names: what the source still has comes by a snapshot.
      recoverAndSnapshot();
      assertThat(command(Step.parse("failover"))).isEqualTo(Answers.GOOD);
    }
    source.commit(20, true);
    source.writer("create", "--db", "after");
    inspection.primary(source.home(), Busy.now());
  }

  private void recoverAndSnapshot() throws Exception {
    play(Step.parse("kill-writer"));
    play(Step.parse("commits 1"));
    if (command(Step.parse("snapshot")).equals(Answers.NOT_FOLLOWED)) {
      for (OptionalLong last = source.lastLog(); source.lastLog().equals(last); ) {
        play(Step.parse("commits 100"));
      }
      play(Step.parse("checkpoint"));
      assertThat(command(Step.parse("snapshot"))).isEqualTo(Answers.GOOD);
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
    ours.close();
  }
}
