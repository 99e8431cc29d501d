package io.github.bdbstandby.model;

import io.github.bdbstandby.model.Copy.Doubt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which answers the contract of the command line allows: an exit code, with its reason if it is not
 * 0.
 */
final class Answers {
  static final String GOOD = "0";
  static final String STOPPED = "143";
  static final String KILLED = "137";

  /** By a snapshot, for what its source's log says of names; see {@link Renamings}. */
  static final String NOT_FOLLOWED = "1 unresolved-database";

  /** By a sync or a failover, for the same or for what an application does all the time. */
  static final String NOT_BROUGHT = "4 unresolved-database";

  private static final String NOT_A_STANDBY = "3 not-a-standby";
  private static final String PROMOTED = "3 promoted";
  private static final Set<String> SOURCE_STUCK = Set.of("3 source-stuck", "1 source-stuck");
  private static final String NO_SOURCE = "3 no-environment";

  private final Step step;
  private final Model model;
  private final Setting setting;

  private Answers(Step step, Model model, Setting setting) {
    this.step = step;
    this.model = model;
    this.setting = setting;
  }

  /** Those that a step may give. */
  static Set<String> to(Step step, Model model, Setting setting) {
    Answers answers = new Answers(step, model, setting);
    Set<String> allowed =
        new TreeSet<>(
            switch (step.verb()) {
              case "snapshot" -> answers.snapshot();
              case "sync" -> answers.sync();
              case "follow" -> answers.follow();
              case "status" -> answers.status();
              case "verify" -> answers.verify();
              case "failover" -> answers.failover();
              default -> throw new IllegalArgumentException(step.toString());
            });
    if (step.kill().isPresent()) {
      allowed.add(KILLED);
    }
    return allowed;
  }

  private Set<String> snapshot() {
    return model.isLost() ? Set.of(NO_SOURCE) : joining(Set.of(GOOD));
  }

  /** Who was killed may have held a lock of the regions, met when joining or later. */
  private Set<String> joining(Set<String> answers) {
    Set<String> allowed = new TreeSet<>(answers);
    if (model.application() == Model.Application.CRASHED && model.regions()) {
      allowed.addAll(SOURCE_STUCK);
    }
    return allowed;
  }

  /** Why it is none. */
  private String none() {
    return switch (model.copy().state()) {
      case FORMER_PROMOTED, BEGUN_AGAIN -> PROMOTED;
      default -> NOT_A_STANDBY;
    };
  }

  private Set<String> sync() {
    return switch (model.copy().state()) {
      case NOTHING, FORMER, FORMER_PROMOTED -> Set.of(none());
      case BEGUN, BEGUN_AGAIN -> withoutRegions(joining(forward(Set.of(GOOD, none()))));
      case WHOLE -> withoutRegions(joining(forward(Set.of(GOOD))));
    };
  }

  /** Nobody can tell what became of our hold on bulk loading. */
  private Set<String> withoutRegions(Set<String> allowed) {
    if (!model.regions() && !model.isLost()) {
      allowed.add(word(Doubt.BULK_LOAD));
    }
    return allowed;
  }

  /** Where the source can be read, there may be more than can be brought. */
  private Set<String> forward(Set<String> good) {
    if (model.isLost()) {
      return model.copy().isWhole() ? Set.of(NO_SOURCE) : Set.of(NO_SOURCE, none());
    }
    Set<String> allowed = new TreeSet<>(good);
    model.copy().doubts().forEach(doubt -> allowed.add(word(doubt)));
    if (setting.autoRemove()) { // what went while it ran is gone when it has ended, too
      allowed.add(word(Doubt.LOG_GAP));
    }
    return allowed;
  }

  private static String word(Doubt doubt) {
    return switch (doubt) {
      case BULK_LOAD -> "4 bulk-load";
      case LOG_GAP -> "4 log-gap";
      case MANY_RENAMED -> NOT_BROUGHT;
    };
  }

  private Set<String> follow() {
    return switch (model.copy().state()) {
      case NOTHING, FORMER, FORMER_PROMOTED -> Set.of(none());
      case BEGUN, BEGUN_AGAIN -> Set.of(STOPPED, none());
      case WHOLE -> Set.of(STOPPED); // it waits for a source that is away, and closes gaps itself
    };
  }

  private Set<String> status() {
    return switch (model.copy().state()) {
      case NOTHING, FORMER -> Set.of(NOT_A_STANDBY);
      case BEGUN -> Set.of(NOT_A_STANDBY, GOOD); // good as it was taking its place
      case FORMER_PROMOTED, BEGUN_AGAIN, WHOLE -> Set.of(GOOD);
    };
  }

  private Set<String> verify() {
    return switch (model.copy().state()) {
      case NOTHING, FORMER, FORMER_PROMOTED -> Set.of(none());
      case BEGUN, BEGUN_AGAIN -> Set.of(none(), "3 locked");
      // A follow that was stopped may have been taking a snapshot.
      case WHOLE -> Set.of(GOOD, "3 locked");
    };
  }

  private Set<String> failover() {
    return switch (model.copy().state()) {
      case NOTHING, FORMER, FORMER_PROMOTED -> Set.of(none());
      case BEGUN, BEGUN_AGAIN -> promoting(Set.of(GOOD, none()));
      case WHOLE -> promoting(Set.of(GOOD));
    };
  }

  /** A source that is gone is not waited for. */
  private Set<String> promoting(Set<String> good) {
    return model.isLost() || step.arguments().contains(Step.ACCEPT_LOSS) ? good : forward(good);
  }
}
