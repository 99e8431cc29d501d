package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a demo that does not succeed says of it. */
final class DemoResultTest {
  private static Demo.Result result(long acknowledged, long lost, boolean right) {
    Demo.TakenOver takenOver = new Demo.TakenOver(lost, 0, 10, 10, Duration.ofMillis(1));
    return new Demo.Result(3, acknowledged, takenOver, takenOver, right);
  }

  @Test
  void eachFaultHasItsWordAndSentence() {
    assertThat(result(9, 0, true).fault()).isEmpty();
    assertThat(result(9, 0, true).isGood()).isTrue();
    assertThat(result(9, 2, false).fault().map(Demo.Fault::message))
        .contains("2 commits are not in the new primary");
    assertThat(result(9, 0, false).fault())
        .contains(
            new Demo.Fault(
                "damaged", "no commit is lost, but not all records are what they must be"));
    assertThat(result(0, 0, true).fault().map(Demo.Fault::reason)).contains("no-commits");
    assertThat(result(0, 0, true).isGood()).isFalse();
  }
}
