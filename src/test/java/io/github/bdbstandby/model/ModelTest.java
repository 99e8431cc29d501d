package io.github.bdbstandby.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.procedure.Procedure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.state.ActionChain;

/** Random scripts, for about a minute; {@code bin/test-model} plays them for longer. */
final class ModelTest {
  private static final int GENERATED = 1000;

  /** More than there can ever be time for. */
  private static final int TRIES = 10_000;

  /**
   * The same scripts for each change, to be judged by it; {@code bin/test-model} draws new ones.
   */
  private static final long SEED = Long.getLong("bdbstandby.model.seed", 20_261_126);

  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("bdbstandby.model.seconds", 60));
  private static final Duration SHRINKING =
      Duration.ofSeconds(Long.getLong("bdbstandby.model.shrinking", 180));
  private static final Path KEPT =
      Path.of(System.getProperty("java.io.tmpdir")).resolveSibling("model");

  private static final Path SCRIPT = KEPT.resolve("seed-" + SEED + ".script");

  private static final Random RANDOM = new Random(SEED);
  private static final Trials TRIALS = new Trials(SCRIPT, TIME, SHRINKING);

  static {
    System.out.println("model: " + TIME.toSeconds() + " s, seed " + SEED);
  }

  @Property(
      tries = TRIES,
      generation = GenerationMode.RANDOMIZED,
      edgeCases = EdgeCasesMode.NONE,
      afterFailure = AfterFailureMode.RANDOM_SEED,
      shrinking = ShrinkingMode.FULL)
  void aStandbyHoldsWhatTheModelSays(
      @ForAll("settings") Setting setting, @ForAll("chains") ActionChain<Sketch> chain)
      throws Exception {
    try {
      TRIALS.play(new Script(setting, chain.run().steps()));
    } catch (Player.Wrong e) {
      throw new AssertionError("seed " + SEED + ", kept in " + SCRIPT + ": " + e.getMessage(), e);
    }
  }

  @AfterContainer
  static void somethingWasPlayed() {
    System.out.println("model: " + TRIALS.played() + " scripts played");
    assertThat(TRIALS.played()).isPositive();
  }

  @Provide
  Arbitrary<Setting> settings() {
    return seeded(
        Combinators.combine(
                Arbitraries.of(
                    "btree",
                    "subdirectories",
                    "queue-extents",
                    "data-dirs-config",
                    "heap",
                    "hash",
                    "recno",
                    "checksummed",
                    "pagesize-512"),
                Arbitraries.of(131_072, 262_144, 1_048_576),
                Arbitraries.frequency(Tuple.of(3, Procedure.SHORT), Tuple.of(1, Procedure.LONG)),
                Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
            .as(Setting::new));
  }

  @Provide
  Arbitrary<ActionChain<Sketch>> chains() {
    return seeded(Steps.chains());
  }

  /** By the seed that was said, and not by jqwik's. */
  private static <T> Arbitrary<T> seeded(Arbitrary<T> arbitrary) {
    RandomGenerator<T> generator = arbitrary.generator(GENERATED);
    return Arbitraries.fromGenerator(random -> generator.next(RANDOM));
  }
}
