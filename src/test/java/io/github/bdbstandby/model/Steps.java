package io.github.bdbstandby.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** Which steps come how often, and when. */
final class Steps {
  private static final int MOST = 14;

  /** Operations before which most depends on their order. */
  private static final List<String> TURNS =
      List.of(
          "rename standby/log#1",
          "rename standby/log#2",
          "unlink standby/log#1",
          "write standby/database#1",
          "rename standby/manifest.json#1");

  private Steps() {}

  static ActionChainArbitrary<Sketch> chains() {
    return ActionChain.<Sketch>startWith(Sketch::empty)
        .withAction(8, when(sketch -> sketch.isOpenable() && !sketch.isRunning(), start()))
        .withAction(4, when(sketch -> sketch.writer() == Sketch.Writer.CRASHED, start()))
        .withAction(8, when(sketch -> !sketch.isLost(), numbered("commits", 1, 300)))
        .withAction(2, when(Sketch::isRunning, just("stop")))
        .withAction(4, when(Sketch::isRunning, just("kill-writer")))
        .withAction(2, when(Sketch::isStopped, numbered("die", 1, 40)))
        .withAction(2, when(sketch -> !sketch.isLost(), just("reboot")))
        .withAction(2, when(Sketch::isOpenable, just("checkpoint")))
        .withAction(5, when(Sketch::isOpenable, named("create")))
        .withAction(3, when(Sketch::isOpenable, named("put")))
        .withAction(3, when(Sketch::isOpenable, named("bulk")))
        .withAction(3, when(Sketch::isOpenable, renamings()))
        .withAction(3, when(Sketch::isOpenable, named("remove")))
        .withAction(4, when(Sketch::isOpenable, just("remove-logs")))
        .withAction(6, gap())
        .withAction(1, when(sketch -> sketch.standby() && !sketch.isLost(), just("lose-source")))
        .withAction(6, when(sketch -> !sketch.isLost(), killed("snapshot", 160)))
        .withAction(16, when(Sketch::standby, killed("sync", 60)))
        .withAction(5, when(Sketch::standby, follows()))
        .withAction(5, when(Sketch::standby, killed("failover", 60)))
        .withAction(1, when(Sketch::standby, killed("failover " + Step.ACCEPT_LOSS, 60)))
        .withAction(1, when(sketch -> true, just("sync", "failover", "verify", "status")))
        .withMaxTransformations(MOST);
  }

  private static Action.Independent<Sketch> when(
      Predicate<Sketch> precondition, Arbitrary<Step> steps) {
    return new Action.Independent<>() {
      @Override
      public boolean precondition(Sketch sketch) {
        return precondition.test(sketch);
      }

      @Override
      public Arbitrary<Transformer<Sketch>> transformer() {
        return steps.map(
            step -> Transformer.transform(step.toString(), sketch -> sketch.and(step)));
      }
    };
  }

  /** Log goes that a standby may not have. */
  private static Action.Independent<Sketch> gap() {
    return new Action.Independent<>() {
      @Override
      public boolean precondition(Sketch sketch) {
        return sketch.standby() && sketch.isOpenable();
      }

      @Override
      public Arbitrary<Transformer<Sketch>> transformer() {
        return Arbitraries.just(
            Transformer.transform(
                "gap",
                sketch ->
                    sketch
                        .and(Step.parse("commits 300"))
                        .and(Step.parse("checkpoint"))
                        .and(Step.parse("remove-logs"))));
      }
    };
  }

  private static Arbitrary<Step> just(String... lines) {
    return Arbitraries.of(lines).map(Step::parse);
  }

  private static Arbitrary<Step> start() {
    return Arbitraries.frequency(
            Tuple.of(4, "start"), Tuple.of(2, "start long"), Tuple.of(1, "start churn"))
        .map(Step::parse);
  }

  private static Arbitrary<Step> numbered(String verb, int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .map(number -> new Step(verb, List.of(String.valueOf(number)), Optional.empty()));
  }

  private static Arbitrary<String> names() {
    return Arbitraries.of("db1", "db2", "db3");
  }

  private static Arbitrary<Step> named(String verb) {
    return names().map(name -> new Step(verb, List.of(name), Optional.empty()));
  }

  private static Arbitrary<Step> renamings() {
    return names()
        .tuple2()
        .map(pair -> new Step("rename", List.of(pair.get1(), pair.get2()), Optional.empty()));
  }

  private static Arbitrary<Step> follows() {
    return Arbitraries.of(100, 600, 1200)
        .flatMap(
            millis ->
                kills(200).map(kill -> new Step("follow", List.of(String.valueOf(millis)), kill)));
  }

  /**
   * A command that is killed now and then.
   *
   * @param command its words
   * @param operations about how many file operations it has
   */
  private static Arbitrary<Step> killed(String command, int operations) {
    Step step = Step.parse(command);
    return kills(operations).map(kill -> new Step(step.verb(), step.arguments(), kill));
  }

  private static Arbitrary<Optional<Step.Kill>> kills(int operations) {
    Arbitrary<Optional<Step.Kill>> none = Arbitraries.just(Optional.empty());
    return Arbitraries.frequencyOf(
        Tuple.of(6, none),
        Tuple.of(2, numbers(1, operations).map(number -> kill(String.valueOf(number)))),
        Tuple.of(4, Arbitraries.of(TURNS).map(Steps::kill)),
        Tuple.of(1, numbers(350, 1600).map(number -> kill(number + "ms"))));
  }

  private static Optional<Step.Kill> kill(String at) {
    return Optional.of(new Step.Kill(at.replace(' ', '/')));
  }

  private static Arbitrary<Integer> numbers(int least, int most) {
    return Arbitraries.integers()
        .between(least, most)
        .withDistribution(RandomDistribution.uniform());
  }
}
