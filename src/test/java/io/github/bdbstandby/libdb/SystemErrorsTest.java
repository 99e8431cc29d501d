package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.ChildJvm;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Java tells of the system's errors is understood in each of the system's languages. */
final class SystemErrorsTest {
  @TempDir Path work;

  @ParameterizedTest
  @ValueSource(strings = {"", "de", "ru"})
  void inThisLanguage(String language) throws Exception {
    ProcessBuilder builder = ChildJvm.of(Probe.class, work, List.of("-Xmx64m"));
    List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -n 100; exec \"$@\"", "sh"));
    limited.addAll(builder.command());
    builder.command(limited);
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("LANGUAGE", language);
    try (Child child = Child.start(builder)) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      assertThat(ended.out()).contains("full true false").contains("descriptors false true");
    }
  }

  @Test
  void ofNoMessage() {
    assertThat(SystemErrors.isFull(new IOException())).isFalse();
    assertThat(SystemErrors.isOutOfDescriptors(new IOException("other"))).isFalse();
  }

  /** Meets both. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) throws IOException {
      SystemErrors.prepare();
      try (OutputStream full = new FileOutputStream("/dev/full")) {
        full.write(1);
      } catch (IOException e) {
        tell("full", e);
      }
      List<InputStream> open = new ArrayList<>();
      try {
        while (true) {
          open.add(new FileInputStream("/dev/null"));
        }
      } catch (IOException e) {
        for (InputStream each : open) {
          each.close();
        }
        tell("descriptors", e);
      }
    }

    private static void tell(String what, IOException e) {
      System.out.println(
          what + " " + SystemErrors.isFull(e) + " " + SystemErrors.isOutOfDescriptors(e));
      System.err.println(e.getMessage());
    }
  }
}
