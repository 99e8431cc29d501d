package io.github.bdbstandby.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.standby.SourceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A bank of bdb-writer: one of the folders of test-envs. */
record BankKind(String name, String shows) implements Kind {
  private static final Path FOLDERS = Path.of(System.getProperty("bdbstandby.testenvs"));

  static List<BankKind> all() throws IOException {
    List<BankKind> kinds = new ArrayList<>();
    for (String name : Bank.names()) {
      kinds.add(new BankKind(name, "a bank, " + options(name)));
    }
    return kinds;
  }

  private static String options(String name) throws IOException {
    List<String> options = Files.readAllLines(FOLDERS.resolve(name).resolve("options"));
    return "`" + String.join(" ", options).replace("@PASSWORD_FILE@", "FILE") + "`";
  }

  @Override
  public Application make(Path directory) throws IOException {
    return new Open(Bank.make(directory, name, "--accounts", "300"));
  }

  private record Open(Bank bank) implements Application {
    @Override
    public Path home() {
      return bank.home();
    }

    @Override
    public SourceRequest source(Path home) {
      return new SourceRequest(home, bank.request().options());
    }

    @Override
    public Optional<byte[]> password() {
      return bank.password();
    }

    @Override
    public Busy start(Path home, boolean recover) {
      List<String> work = new ArrayList<>(List.of("--threads", "2", "--rate", "400"));
      work.addAll(List.of("--long-ms", "300", "--checkpoint-ms", "150"));
      if (recover) {
        work.add("--recover");
      }
      return bank.busyAt(home, work.toArray(String[]::new));
    }

    @Override
    public void check(Path home, long before) throws IOException {
      assertThat(bank.checkCopy(home, before)).isPositive();
    }
  }
}
