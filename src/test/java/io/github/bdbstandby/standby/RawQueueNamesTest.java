package io.github.bdbstandby.standby;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue's name is bytes, and so is that of its extents, which tells whose they are. */
final class RawQueueNamesTest {
  @TempDir Path work;

  /** By libdb's own program; Java's arguments would be of its locale. */
  private void queue(Path home, String name) throws Exception {
    Path script = work.resolve("script");
    String words = "seq 60 | db5.3_load -h . -T -t queue -c re_len=200 -c db_pagesize=512";
    Files.write(script, (words + " -c extentsize=2 '" + name + "'").getBytes(ISO_8859_1));
    try (Child child =
        Child.start(new ProcessBuilder("sh", script.toString()).directory(home.toFile()))) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C"})
  void itsExtentsComeWithIt(String locale) throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    queue(home, "b\u00FC");
    queue(home, "two\nlines");
    List<DatabaseFile> extents =
        EnvironmentFiles.in(home, home, Set.of()).databases().stream()
            .filter(file -> file.extent().isPresent())
            .toList();
    assertThat(extents)
        .hasSize(30)
        .allSatisfy(extent -> assertThat(extent.format()).as("%s", extent).isPresent());
    run(locale, "snapshot", "--home", home, "--standby", standby);
    run(locale, "sync", "--standby", standby);
    run(locale, "failover", "--standby", standby);
    for (DatabaseFile extent : extents) {
      assertThat(standby.resolve(extent.relative())).hasSameBinaryContentAs(extent.path());
    }
  }

  private void run(String locale, Object... words) throws Exception {
    try (Child child = Cli.start(Map.of("LC_ALL", locale), work, words)) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
    }
  }
}
