package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a manifest tells of that has very many files. */
final class ManyFilesTest {
  private static final int FILES = 200_000;

  @TempDir Path work;

  /** Whoever could write it can read it, in as little memory. */
  @Test
  void aLargeManifestIsRead() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path manifest = new StandbyDirectory(standby).manifest();
    ObjectMapper json = new ObjectMapper();
    ObjectNode all = (ObjectNode) json.readTree(manifest.toFile());
    ObjectNode files = (ObjectNode) all.path("files");
    ObjectNode one = (ObjectNode) files.elements().next();
    for (int i = 0; i < FILES; i++) {
      files.set("documents/of the application's own/" + i, one.deepCopy());
    }
    json.writerWithDefaultPrettyPrinter().writeValue(manifest.toFile(), all);
    assertThat(Files.size(manifest)).isGreaterThan(32 << 20);
    Cli.jsonBy(List.of(), "status", "--standby", standby).good(); // in 256 MB
  }
}
