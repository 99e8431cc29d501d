package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source is known by a link, which leads elsewhere when the standby takes over. */
final class LinkedHomeTest {
  @TempDir Path work;
  private Path home;
  private Path link;
  private Path standby;
  private Path acknowledged;

  @BeforeEach
  void standbyOfALink() throws Exception {
    home = work.resolve("volume/orders");
    link = work.resolve("orders");
    standby = work.resolve("standby");
    acknowledged = work.resolve("acknowledged");
    Writer.init(home, "--types", "btree");
    Files.createSymbolicLink(link, home);
    Cli.json("snapshot", "--home", link, "--standby", standby).good();
    Writer.work(home, 50, "--ack", acknowledged.toString());
    Cli.json("sync", "--standby", standby, "--home", link).good();
    Writer.work(home, 50, "--ack", acknowledged.toString());
  }

  private void nothingIsLost() throws Exception {
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby, "--ack", acknowledged.toString());
  }

  @Test
  void toTheStandby() throws Exception {
    Files.delete(link);
    Files.createSymbolicLink(link, standby);
    nothingIsLost();
  }

  @Test
  void toNothing() throws Exception {
    Files.delete(link);
    nothingIsLost();
  }

  /** A link of its own is followed to where it leads now. */
  @Test
  void aLogDirectoryThatWasMovedToAnotherDisk() throws Exception {
    Path moving = work.resolve("moving");
    Path first = Files.createDirectory(work.resolve("disk1"));
    Files.createDirectories(moving);
    Files.createSymbolicLink(moving.resolve("logs"), first);
    Writer.init(moving, "--types", "btree", "--config", "set_lg_dir logs");
    Path acks = work.resolve("acks");
    Path copy = work.resolve("copy");
    Cli.json("snapshot", "--home", moving, "--standby", copy).good();
    Writer.work(moving, 50, "--ack", acks.toString());
    Path second = work.resolve("disk2");
    Tree.copy(first, second);
    Files.delete(moving.resolve("logs"));
    Files.createSymbolicLink(moving.resolve("logs"), second);
    Writer.work(moving, 50, "--ack", acks.toString());
    Cli.json("failover", "--standby", copy).good();
    Writer.run("check", copy, "--ack", acks.toString());
  }

  /** As of a manifest that has the link itself. */
  @Test
  void theStandbysOwnLogIsNotTheSources() throws Exception {
    Path manifest = standby.resolve(".bdb-standby/manifest.json");
    String known = Files.readString(manifest);
    String linked =
        known.replaceAll(
            "\"logDirectory\"(\\s*):(\\s*)\"" + home + "\"",
            "\"logDirectory\"$1:$2\"" + link + "\"");
    assertThat(linked).isNotEqualTo(known);
    Files.writeString(manifest, linked);
    Files.delete(link);
    Files.createSymbolicLink(link, standby);
    Refusal.leaving(standby)
        .refused(
            "failover", "same-directory", link, () -> Cli.json("failover", "--standby", standby));
    Files.delete(link);
    Files.createSymbolicLink(link, home);
    nothingIsLost();
  }
}
