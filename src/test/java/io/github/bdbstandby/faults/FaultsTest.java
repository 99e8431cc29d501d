package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Some faults; {@code bin/test-faults} makes as many as wanted. */
final class FaultsTest {
  private static final int COUNT = Integer.getInteger("bdbstandby.faults", 10);
  private static final long SEED = Long.getLong("bdbstandby.faults.seed", 1);

  @Test
  void nothingIsLost() throws Exception {
    assumeThat(System.getProperty("user.name")).as("mounting").isEqualTo("root");
    Path kept = Path.of(System.getProperty("java.io.tmpdir")).resolveSibling("faults");
    Report report = new Harness(COUNT, SEED, kept, System.out).run();
    assertThat(report.losses()).isEmpty();
    assertThat(report.survived()).isEqualTo(COUNT);
  }
}
