package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Unprivileged;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory whose files can be opened by who knows their names, and that nobody may list. */
final class UnlistedDirectoryTest {
  @TempDir Path work;

  @ParameterizedTest
  @ValueSource(strings = {"a link leads to it", "it is in the home"})
  void recoveryGoesOnWithIt(String where) throws Exception {
    List<String> us = Unprivileged.prefix();
    Path home = work.resolve("home");
    Writer.init(home, "--types", "btree");
    Path place = Files.createDirectory((where.startsWith("a") ? work : home).resolve("disk"));
    Files.writeString(place.resolve("notes"), "of the application");
    if (!place.startsWith(home)) {
      Files.createSymbolicLink(home.resolve("disk"), place);
    }
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("-wx--x--x"));
    Cli.jsonBy(us, "recover", "--home", home).good();
    assertThat(Writer.run("check", home).path("ok").asBoolean()).isTrue();
  }
}
