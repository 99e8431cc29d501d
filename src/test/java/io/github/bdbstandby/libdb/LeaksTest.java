package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the shim allocates, and what libdb allocates for it, is freed, after calls that fail too.
 * Counted by a library that is loaded into a JVM of its own, and so exact: one block in one call is
 * found.
 */
final class LeaksTest {

  private static final String NONE_LEFT = "left 0 of ";

  /** libdb's own, of an open that fails by the password: two blocks in each of twenty. */
  private static final String LIBDBS_OWN = "left 40 of \\d+: a wrong password";

  @TempDir Path temp;

  @Test
  void everyCallFreesWhatItAllocates() throws Exception {
    String work = Files.createDirectory(temp.resolve("work")).toString();
    ProcessBuilder command = ChildJvm.of(LeaksMain.class, temp, List.of("-Xmx128m"), work);
    command.environment().put("LD_PRELOAD", System.getProperty("bdbstandby.leaks.library"));
    try (Child child = Child.start(command)) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as(ended.toString()).isZero();
      List<String> lines = ended.out().lines().toList();
      assertThat(lines)
          .filteredOn(line -> line.startsWith("watched"))
          .allMatch(l -> l.endsWith(" 1"));
      // The counter sees what there is to see: an open handle, and blocks in every kind of call.
      assertThat(lines).anyMatch(line -> line.matches("held [1-9]\\d* by .*"));
      assertThat(lines)
          .filteredOn(line -> line.startsWith("left") && !line.matches(LIBDBS_OWN))
          .hasSize(11)
          .allSatisfy(line -> assertThat(line).startsWith(NONE_LEFT))
          .noneMatch(line -> line.startsWith(NONE_LEFT + "0:"));
    }
  }
}
