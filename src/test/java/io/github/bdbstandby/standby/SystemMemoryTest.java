package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Regions in System V shared memory ({@code DB_SYSTEM_MEM}) outlive whoever made them. */
final class SystemMemoryTest {
  private static final String PROGRAM = System.getProperty("bdbstandby.kinds");
  private static final String KIND = "system-memory";

  private static void application(String mode, Path home) {
    Run.of(PROGRAM, KIND, mode, "--home", home.toString()).good();
  }

  private static void killedAtWork(Path home) throws IOException {
    try (Busy busy =
        Busy.start(List.of(PROGRAM, KIND, "run", "--home", home.toString(), "--rate", "200"))) {
      busy.kill();
    }
  }

  /** The id of the first, as the home has it. */
  private static String segment(Path home) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(home.resolve("__db.001")));
    return String.valueOf(bytes.order(ByteOrder.nativeOrder()).getLong(16));
  }

  private static List<String> segments() throws IOException {
    return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
        .skip(1)
        .map(line -> List.of(line.strip().split(" +")).get(1))
        .toList();
  }

  /** As db_recover does. */
  @Test
  void recoveryFreesThem() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Path home = directory.resolve("home");
      application("init", home);
      try {
        killedAtWork(home);
        String first = segment(home);
        assertThat(segments()).contains(first);
        Cli.json("recover", "--normal", "--home", home).good();
        assertThat(segments()).doesNotContain(first);
      } finally {
        application("remove", home);
      }
    }
  }

  @Test
  void theWayBackTellsWhichToFree() throws Exception {
    try (Temporary directory = Temporary.directory()) {
      Path home = directory.resolve("home");
      Path standby = directory.resolve("standby");
      application("init", home);
      try {
        Cli.json("snapshot", "--home", home, "--standby", standby).good();
        killedAtWork(home);
        String first = segment(home);
        Cli.json("failover", "--standby", standby).good();
        String notes =
            Cli.json("snapshot", "--home", standby, "--standby", home)
                .good()
                .path("notes")
                .toString();
        assertThat(notes).contains("ipcrm -m " + first + " -m ");
        String command = notes.substring(notes.indexOf("ipcrm"), notes.indexOf(" frees"));
        List<String> named = named(command);
        assertThat(segments()).containsAll(named);
        Run.of(command.split(" ")).good();
        assertThat(segments()).doesNotContainAnyElementsOf(named);
      } finally {
        application("remove", home);
      }
    }
  }

  private static List<String> named(String command) {
    return Stream.of(command.split(" ")).filter(word -> word.matches("\\d+")).toList();
  }
}
