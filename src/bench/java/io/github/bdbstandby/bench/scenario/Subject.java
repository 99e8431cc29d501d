package io.github.bdbstandby.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.bench.arena.Application;
import io.github.bdbstandby.bench.arena.Arena;
import io.github.bdbstandby.bench.peer.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An environment to take snapshots of. */
sealed interface Subject {
  /** Makes it, at rest. */
  Path make(Arena arena) throws Exception;

  /** What opens it. */
  default Access access(Arena arena) throws IOException {
    return Access.OPEN;
  }

  /** How many bytes of disk it takes to measure it. */
  default long room(Arena arena) {
    return 0;
  }

  /** Whether a copy of it is whole. */
  boolean check(Arena arena, Path home, Path copy) throws Exception;

  /** As in most scenarios. */
  record Standard() implements Subject {
    @Override
    public Path make(Arena arena) throws Exception {
      return arena.standard();
    }

    @Override
    public boolean check(Arena arena, Path home, Path copy) throws Exception {
      return Application.check(home, copy, arena.standardCommits());
    }
  }

  /** One database of 8 GiB, and little log. */
  record Large() implements Subject {
    private static final int VALUE = 4000;
    private static final long ROOM = 45L << 30;

    @Override
    public long room(Arena arena) {
      return arena.size().isFull() ? ROOM : 0;
    }

    @Override
    public Path make(Arena arena) throws Exception {
      List<String> options =
          new ArrayList<>(List.of("--types", "btree", "--databases", "1", "--pagesize", "16384"));
      options.addAll(List.of("--value-size", String.valueOf(VALUE)));
      options.addAll(List.of("--accounts", arena.size().isFull() ? "2001500" : "2000"));
      options.addAll(arena.size().options());
      options.add("--auto-remove");
      return arena.kept("large", options, arena.size().commits() / 100);
    }

    @Override
    public boolean check(Arena arena, Path home, Path copy) throws Exception {
      return Application.check(home, copy, arena.size().commits() / 100);
    }
  }

  /** Many small databases. */
  record Many() implements Subject {
    private static final int RECORDS = 20;

    private static int count(Arena arena) {
      return arena.size().isFull() ? 5000 : 50;
    }

    @Override
    public Path make(Arena arena) throws Exception {
      List<String> options = new ArrayList<>(List.of("--types", "btree", "--accounts", "1000"));
      options.addAll(arena.size().options());
      return arena.kept(
          "many",
          options,
          100,
          home -> Application.run("many", home, "--many", count(arena), "--records", RECORDS));
    }

    @Override
    public boolean check(Arena arena, Path home, Path copy) throws Exception {
      if (!Application.check(home, copy, 100)) {
        return false;
      }
      JsonNode result =
          Application.run("many-check", copy, "--many", count(arena), "--records", RECORDS);
      return result.path("ok").asBoolean();
    }
  }

  /** Pages of 64 KiB. */
  record BigPages() implements Subject {
    @Override
    public Path make(Arena arena) throws Exception {
      List<String> options = new ArrayList<>(arena.standardOptions());
      options.addAll(List.of("--pagesize", "65536", "--config", "set_cachesize 0 67108864 1"));
      return arena.kept("pages", options, arena.size().commits() / 10);
    }

    @Override
    public boolean check(Arena arena, Path home, Path copy) throws Exception {
      return Application.check(home, copy, arena.size().commits() / 10);
    }
  }

  /** With AES. */
  record Encrypted() implements Subject {
    private static final String PASSWORD = "benchmark";

    @Override
    public Access access(Arena arena) throws IOException {
      Path file = arena.place("password");
      Files.createDirectories(file.getParent());
      Files.writeString(file, PASSWORD + "\n", StandardCharsets.US_ASCII);
      return Access.by(PASSWORD, file);
    }

    @Override
    public Path make(Arena arena) throws Exception {
      List<String> options = new ArrayList<>(arena.standardOptions());
      options.addAll(
          List.of("--password-file", access(arena).passwordFile().orElseThrow().toString()));
      return arena.kept("encrypted", options, arena.size().commits() / 10);
    }

    @Override
    public boolean check(Arena arena, Path home, Path copy) throws Exception {
      return Application.check(home, copy, arena.size().commits() / 10);
    }
  }
}
