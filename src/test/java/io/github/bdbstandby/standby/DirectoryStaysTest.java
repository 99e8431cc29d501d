package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directories whose paths end with the name of a database that lies elsewhere. */
final class DirectoryStaysTest {
  private Temporary directory;
  private Path standby;

  @BeforeEach
  void place() throws IOException {
    directory = Temporary.directory();
    standby = directory.resolve("standby");
  }

  @AfterEach
  void remove() throws IOException {
    directory.close();
  }

  private Bank bank(String... config) throws IOException {
    String[] more = new String[2 * config.length];
    for (int i = 0; i < config.length; i++) {
      more[2 * i] = "--config";
      more[2 * i + 1] = config[i];
    }
    return Bank.make(directory.path(), "btree", more);
  }

  private void snapshot(Bank bank) throws IOException {
    Cli.json("snapshot", "--home", bank.home(), "--standby", standby).good();
  }

  private void followed(String database) throws IOException {
    for (int i = 0; i < 2; i++) {
      Cli.json("sync", "--standby", standby).good();
    }
    Cli.json("verify", "--standby", standby, "--drill").good();
    Cli.json("failover", "--standby", standby).good();
    assertThat(Bank.writer(standby, "count", "--db", database).good().out()).contains("100");
  }

  @Test
  void theLogDirectory() throws Exception {
    Bank bank = bank("set_data_dir data", "set_lg_dir var/log");
    snapshot(bank);
    bank.writer("create", "--db", "log").good();
    followed("log");
    assertThat(standby.resolve("data/log")).isRegularFile();
  }

  @Test
  void anEmptyDataDirectory() throws Exception {
    Bank bank = bank();
    Files.createDirectories(bank.home().resolve("deep/more"));
    Files.writeString(bank.home().resolve("DB_CONFIG"), "set_data_dir deep/more\n");
    snapshot(bank);
    bank.writer("create", "--db", "more").good();
    assertThat(bank.home().resolve("deep/more/more")).isRegularFile();
    followed("more");
    assertThat(standby.resolve("deep/more/more")).isRegularFile();
  }

  @Test
  void oneOfTheApplications() throws Exception {
    Bank bank = bank();
    Path users = Files.createDirectories(bank.home().resolve("photos/users"));
    Files.writeString(users.resolve("one"), "1");
    snapshot(bank);
    Path copy = standby.resolve("photos/users");
    Object changed = Files.getAttribute(copy, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    Object inode = Files.getAttribute(copy, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    bank.writer("create", "--db", "users").good();
    Cli.json("sync", "--standby", standby).good();
    assertThat(Files.getAttribute(copy, "unix:ctime")).isEqualTo(changed);
    assertThat(Files.getAttribute(copy, "unix:ino")).isEqualTo(inode);
    followed("users");
    assertThat(copy.resolve("one")).hasContent("1");
  }
}
