package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmokeTest {

  @TempDir Path home;

  @Test
  void loadsAndOpens() {
    assertThat(DbEnvironment.version().library()).startsWith("5.3.");
    try (DbEnvironment env =
        DbEnvironment.openPrivate(
            home, Set.of(Subsystem.LOG, Subsystem.MPOOL), EnvironmentOptions.defaults())) {
      assertThat(env.logFiles().isEmpty()).isTrue();
      assertThat(env.firstLsn()).isEmpty();
      assertThat(env.lastLsn()).isEmpty();
      assertThat(env.subsystems()).containsExactlyInAnyOrder(Subsystem.LOG, Subsystem.MPOOL);
      assertThat(env.databases().names()).isEmpty();
      assertThat(env.logStatus().fileSize()).isPositive();
      assertThat(env.cachedFiles()).isEmpty();
    }
  }
}
