package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Refusal;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A directory's name that a file or a database has later, and the other way round. */
final class KindTakenTest {
  private Temporary directory;
  private Bank bank;
  private Path x;
  private Path standby;

  @BeforeEach
  void source() throws IOException {
    directory = Temporary.directory();
    bank = Bank.make(directory.path(), "btree");
    x = bank.home().resolve("x");
    standby = directory.resolve("standby");
  }

  @AfterEach
  void remove() throws IOException {
    directory.close();
  }

  private Outcome run(String command) throws IOException {
    return command.equals("snapshot")
        ? Cli.json("snapshot", "--home", bank.home(), "--standby", standby)
        : Cli.json(command, "--standby", standby);
  }

  private void snapshot() throws IOException {
    run("snapshot").good();
  }

  private void promoted() throws IOException {
    Cli.json("verify", "--standby", standby, "--drill").good();
    run("failover").good();
  }

  private void directoryWithFiles() throws IOException {
    Files.createDirectories(x.resolve("deep/empty"));
    Files.writeString(x.resolve("one"), "1");
    Files.writeString(x.resolve("deep/two"), "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync"})
  void anEmptyDirectoryBecomesAFile(String command) throws IOException {
    Files.createDirectory(x);
    snapshot();
    Files.delete(x);
    Files.writeString(x, "a file");
    run(command).good();
    run(command).good();
    promoted();
    assertThat(standby.resolve("x")).hasContent("a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync"})
  void aDirectoryWithFilesBecomesAFileAndThatADirectoryAgain(String command) throws IOException {
    directoryWithFiles();
    snapshot();
    Tree.delete(x);
    Files.writeString(x, "a file");
    run(command).good();
    assertThat(standby.resolve("x")).hasContent("a file");
    Files.delete(x);
    directoryWithFiles();
    run(command).good();
    promoted();
    assertThat(standby.resolve("x/one")).hasContent("1");
    assertThat(standby.resolve("x/deep/two")).hasContent("2");
    assertThat(standby.resolve("x/deep/empty")).isDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync", "status"})
  void aDirectoryWithFilesBecomesADatabase(String command) throws IOException {
    directoryWithFiles();
    snapshot();
    Tree.delete(x);
    bank.writer("create", "--db", "x").good();
    run(command).good();
    promoted();
    assertThat(Bank.writer(standby, "count", "--db", "x").good().out()).contains("100");
  }

  @Test
  void aDatabaseBecomesADirectory() throws Exception {
    bank.writer("create", "--db", "x").good();
    snapshot();
    bank.writer("remove", "--db", "x").good();
    directoryWithFiles();
    Refusal.leaving(standby)
        .andSources(bank.home())
        .snapshotNeeded("sync", "name-collision", standby.resolve("x"), () -> run("sync"));
    snapshot();
    run("sync").good();
    promoted();
    assertThat(standby.resolve("x/deep/two")).hasContent("2");
  }

  @Test
  void aDirectoryWithADatabaseBecomesAFile() throws Exception {
    directoryWithFiles();
    bank.writer("create", "--db", "x/a.db").good();
    snapshot();
    bank.writer("remove", "--db", "x/a.db").good();
    Tree.delete(x);
    Files.writeString(x, "a file");
    Refusal.leaving(standby)
        .andSources(bank.home())
        .snapshotNeeded("sync", "name-collision", standby.resolve("x/a.db"), () -> run("sync"));
    snapshot();
    run("sync").good();
    promoted();
    assertThat(standby.resolve("x")).hasContent("a file");
  }

  @Test
  void aDatabaseWasMadeAndRemovedWhereThereIsADirectoryOrAFile() throws Exception {
    snapshot();
    bank.writer("create", "--db", "x").good();
    bank.writer("remove", "--db", "x").good();
    directoryWithFiles();
    Path y = Files.createDirectory(bank.home().resolve("y"));
    bank.writer("create", "--db", "y/a.db").good();
    bank.writer("remove", "--db", "y/a.db").good();
    Files.delete(y);
    Files.writeString(y, "a file");
    run("sync").good();
    run("sync").good();
    snapshot();
    promoted();
    assertThat(standby.resolve("x/deep/two")).hasContent("2");
    assertThat(standby.resolve("y")).hasContent("a file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot", "sync"})
  void whatIsNotTheStandbysStays(String command) throws Exception {
    directoryWithFiles();
    Files.writeString(bank.home().resolve("y"), "a file");
    snapshot();
    Path stranger = Files.writeString(standby.resolve("x/deep/stranger"), "mine");
    Tree.delete(x);
    Files.writeString(x, "a file");
    Refusal.leaving(standby)
        .andSources(bank.home())
        .refused(command, "name-collision", stranger, () -> run(command));
    Files.delete(stranger);
    run(command).good();

    Files.createDirectory(bank.home().resolve("z"));
    Path other = Files.writeString(standby.resolve("z"), "mine");
    Refusal.leaving(standby)
        .andSources(bank.home())
        .refused(command, "name-collision", other, () -> run(command));
    Files.delete(other);
    run(command).good();
    promoted();
    assertThat(standby.resolve("z")).isDirectory();
  }
}
