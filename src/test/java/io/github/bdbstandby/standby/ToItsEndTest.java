package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work that a signal does not cut off. */
final class ToItsEndTest {
  @Test
  void aSignalWaitsForIt() throws Exception {
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Program.class.getName());
    try (Child child = Child.start(new ProcessBuilder(command))) {
      child.awaitLine("begun");
      child.signal("TERM");
      Child.Ended ended = child.await();
      assertThat(ended.code()).isEqualTo(143);
      assertThat(ended.out()).contains("done").doesNotContain("once more");
    }
  }

  /** Works for longer than a Java machine takes to end. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      ToItsEnd.run(
          () -> {
            System.out.println("begun");
            try {
              TimeUnit.SECONDS.sleep(3);
            } catch (InterruptedException e) {
              return;
            }
            System.out.println("done");
          });
      ToItsEnd.run(() -> System.out.println("once more"));
    }
  }
}
