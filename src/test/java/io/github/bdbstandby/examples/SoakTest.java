package io.github.bdbstandby.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application that keeps its own standby for long, in a small Java machine of its own: nothing
 * that was acknowledged is lost, and it holds no more at the end than in the middle. The figures
 * are left in {@code target/soak}.
 */
final class SoakTest {
  private static final String MINUTES = "soak.minutes";

  /** kB that a collection leaves more or less of, and that a short run may still warm up by. */
  private static final Thirds.Allowance SHORT_ALLOWANCE = new Thirds.Allowance(1 << 10, 32 << 10);

  /** Of a long run: an allocator's free blocks, and code compiled late. */
  private static final Thirds.Allowance ALLOWANCE = new Thirds.Allowance(512, 8 << 10);

  /** One compiler thread more or less is no leak; a heap that is small from the start is. */
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads");

  private static final List<String> CHECKED =
      List.of(
          "-Xmx64m", "-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads", "-Xcheck:jni");

  private static final Duration SHORT = Duration.ofSeconds(10);

  /** For three medians of some samples, on however slow a machine. */
  private static final String ROUNDS = "12";

  private static final Duration GRACE = Duration.ofMinutes(10);

  @TempDir Path temp;

  @Test
  void ordersForAWhile() throws Exception {
    run("orders-short", SoakMain.class, CHECKED, SHORT, seconds(SHORT), ROUNDS)
        .assertFlat(SHORT_ALLOWANCE);
  }

  @Test
  @Tag("soak")
  void ordersForLong() throws Exception {
    Duration length = Duration.ofMinutes(Long.getLong(MINUTES, 10));
    run("orders", SoakMain.class, SMALL, length, seconds(length), ROUNDS).assertFlat(ALLOWANCE);
  }

  @Test
  void attachesAndClosesAWhile() throws Exception {
    run("attach-short", AttachCyclesMain.class, CHECKED, Duration.ZERO, "500")
        .assertFlat(SHORT_ALLOWANCE);
  }

  @Test
  @Tag("soak")
  void attachesAndClosesLong() throws Exception {
    run("attach", AttachCyclesMain.class, SMALL, Duration.ofMinutes(40), "10000")
        .assertFlat(ALLOWANCE);
  }

  private Thirds run(
      String name, Class<?> main, List<String> options, Duration length, String... arguments)
      throws Exception {
    Path tmp = Files.createDirectory(temp.resolve("tmp"));
    List<String> all = new ArrayList<>();
    all.add(Files.createDirectory(temp.resolve("work")).toString());
    all.addAll(List.of(arguments));
    ProcessBuilder command = ChildJvm.of(main, tmp, options, all.toArray(String[]::new));
    try (Child child = Child.start(command)) {
      Child.Ended ended = child.await(length.plus(GRACE));
      assertThat(ended.code()).as(ended.toString()).isZero();
      assertThat(ended.lastLine()).as(ended.toString()).startsWith("done");
      assertThat(ended.out() + ended.err()).doesNotContain("FATAL ERROR in native");
      List<Sample> samples = ended.out().lines().filter(Sample::isLine).map(Sample::parse).toList();
      Thirds thirds = Thirds.of(samples);
      write(name, ended.lastLine(), thirds, samples);
      return thirds;
    }
  }

  private static String seconds(Duration length) {
    return String.valueOf(length.toSeconds());
  }

  private static void write(String name, String end, Thirds thirds, List<Sample> samples)
      throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(end);
    lines.add("first third:  " + thirds.first());
    lines.add("middle third: " + thirds.middle());
    lines.add("last third:   " + thirds.last());
    samples.forEach(sample -> lines.add("  " + sample));
    Files.write(Files.createDirectories(Path.of("target/soak")).resolve(name + ".txt"), lines);
  }
}
