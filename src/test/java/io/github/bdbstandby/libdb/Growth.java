package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.List;

/** By how much a process grows that opens the same again and again. */
final class Growth {
  private static final String GROWN = "grown ";

  /** So that neither the heap nor the compiler is what grows. */
  private static final List<String> SETTLED =
      List.of(
          "-Xms64m",
          "-Xmx64m",
          "-XX:+AlwaysPreTouch",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1");

  private Growth() {}

  /** In kB, over 8,000 openings after 2,000. */
  static long kilobytes(Path temporary, String... arguments) throws Exception {
    try (Child child =
        Child.start(ChildJvm.of(OpeningsMain.class, temporary, SETTLED, arguments))) {
      Child.Ended ended = child.await();
      assertThat(ended.lastLine()).as("%s", ended).startsWith(GROWN);
      return Long.parseLong(ended.lastLine().substring(GROWN.length()));
    }
  }
}
