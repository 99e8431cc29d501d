package io.github.bdbstandby.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.standby.Promotion;
import io.github.bdbstandby.standby.SourceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One that bdb-kinds makes; it says itself which there are. */
record SmallKind(String name, String shows) implements Kind {
  private static final String PROGRAM = System.getProperty("bdbstandby.kinds");
  private static final String PASSWORD = "correct horse";

  static List<SmallKind> all() {
    return Run.of(PROGRAM, "list")
        .good()
        .out()
        .lines()
        .map(line -> line.split("\t"))
        .map(words -> new SmallKind(words[0], words[1]))
        .toList();
  }

  @Override
  public boolean asksForSnapshots() {
    return name.startsWith("rename-remove");
  }

  @Override
  public boolean isLong() {
    return name.equals("files-5000");
  }

  @Override
  public List<String> expected() {
    return asksForSnapshots()
        ? List.of(Row.WORKS, Row.WORKS_BY_SNAPSHOTS, Row.WORKS, Row.WORKS)
        : Row.ALL_WORK;
  }

  @Override
  public Application make(Path directory) {
    Open open = new Open(name, directory.resolve("source"), directory.resolve("acknowledged"));
    Run.of(open.command("init", open.home()).toArray(String[]::new)).good();
    return open;
  }

  private record Open(String kind, Path home, Path acknowledged) implements Application {
    private List<String> command(String mode, Path where, String... more) {
      List<String> command =
          new ArrayList<>(List.of(PROGRAM, kind, mode, "--home", where.toString()));
      command.addAll(List.of(more));
      return command;
    }

    @Override
    public SourceRequest source(Path where) {
      SourceRequest request = SourceRequest.of(where);
      return password().map(request::withPassword).orElse(request);
    }

    @Override
    public Optional<byte[]> password() {
      return kind.equals("rename-remove-encrypted")
          ? Optional.of(PASSWORD.getBytes(StandardCharsets.US_ASCII))
          : Optional.empty();
    }

    @Override
    public Busy start(Path where, boolean recover) {
      List<String> command = command("run", where, "--ack", acknowledged.toString());
      command.addAll(List.of("--write-nosync", "--checkpoint-ms", "100", "--rate", "300"));
      if (recover) {
        command.add("--recover");
      }
      return Busy.start(command);
    }

    @Override
    public String[] ownOrder() {
      return kind.equals("btree-prefix") ? new String[] {"records.db"} : new String[0];
    }

    /** Of what is not logged pages of several moments are there, as after a crash of the source. */
    private boolean isWorthless(Path database) {
      return database.endsWith("cache.db");
    }

    @Override
    public boolean isExpected(String damage) {
      return kind.equals("not-durable") && damage.contains("/cache.db: ");
    }

    @Override
    public void promoted(Promotion promotion) {
      int prepared = kind.equals("prepared-transaction") ? 1 : 0;
      assertThat(promotion.prepared()).hasSizeLessThanOrEqualTo(prepared);
    }

    /** Segments of memory outlive every process. */
    @Override
    public void leave(Path... homes) throws IOException {
      for (Path each : homes) {
        if (kind.equals("system-memory") && Files.exists(each)) {
          Run.of(command("remove", each).toArray(String[]::new)).good();
        }
      }
    }

    @Override
    public void check(Path where, long before) throws IOException {
      String acks = acknowledged.toString();
      List<String> check =
          command("check", where, "--ack", acks, "--ack-before", String.valueOf(before));
      Run.of(check.toArray(String[]::new)).good();
      List<String> verify = new ArrayList<>(List.of("db5.3_verify", "-q"));
      if (ownOrder().length > 0) {
        verify.add("-o");
      }
      if (password().isPresent()) {
        verify.addAll(List.of("-P", PASSWORD));
      }
      Bank.databases(where).stream()
          .filter(file -> !isWorthless(file))
          .forEach(file -> verify.add(file.toString()));
      assertThat(verify).anyMatch(word -> word.startsWith("/"));
      Run.of(verify.toArray(String[]::new)).good();
    }
  }
}
