package io.github.bdbstandby.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The package for arm64 under emulation of its processor: its launcher on its Java, its shim, its
 * libdb, its application.
 */
@Tag("aarch64")
final class AArch64PackageTest {
  /** Has bin/java, which runs arm64's Java, and bin/emulate, which runs its programs. */
  private static final Path EMULATED =
      Path.of(System.getProperty("bdbstandby.aarch64")).toAbsolutePath();

  @TempDir Path work;

  private Unpacked unpacked() throws Exception {
    return Unpacked.of(
        "arm64",
        work,
        List.of(EMULATED.resolve("bin/emulate").toString()),
        Map.of("JAVA_HOME", EMULATED.toString()));
  }

  @Test
  void saysItsVersion() throws Exception {
    assertThat(unpacked().program("--version").out())
        .contains("bdb-standby " + Unpacked.VERSION)
        .contains("libdb 5.3.");
  }

  @Test
  void takesOver() throws Exception {
    JsonNode checked = unpacked().takeOver("linux-aarch64");
    assertThat(checked.path("ok").asBoolean()).as("%s", checked).isTrue();
    assertThat(checked.path("lostAcks").asLong()).isZero();
    assertThat(checked.path("journal").asLong()).isPositive();
  }
}
