package io.github.bdbstandby.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases that recovery makes in the standby, and in which there is nothing yet. */
final class MadeByRecoveryTest {
  @TempDir Path work;

  /** libdb's checkpoint makes durable what is in its cache: of an empty database nothing is. */
  @Test
  void theirBytesAreDurableBeforeTheManifestNamesThem() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    List<String> made = List.of("one.db", "two.db", "three.db");
    for (String name : made) {
      Writer.run("create", home, "--db", name);
    }
    List<String> all =
        KilledCommand.run("sync", home, standby, work.resolve("trace"), Optional.empty())
            .operations();
    int recovered = all.lastIndexOf("unlink standby/page-slot");
    int told = all.lastIndexOf("rename standby/manifest.json");
    assertThat(recovered).isPositive().isLessThan(told);
    assertThat(all.subList(recovered, told))
        .filteredOn(each -> each.equals("fsync standby/database"))
        .hasSizeGreaterThanOrEqualTo(made.size());
  }
}
