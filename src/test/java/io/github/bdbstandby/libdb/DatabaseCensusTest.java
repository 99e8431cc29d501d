package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records counted, against libdb's own dump of the same files. */
class DatabaseCensusTest {

  @TempDir Path temp;

  private static DbEnvironment open(Path home) {
    return DbEnvironment.openPrivate(home, Set.of(Subsystem.MPOOL), EnvironmentOptions.defaults());
  }

  private static long dumped(Path file, String... options) {
    List<String> command = new java.util.ArrayList<>(List.of("db5.3_dump", "-k"));
    command.addAll(List.of(options));
    command.add(file.toString());
    Tools.Result dump = Tools.run(command, Tools.SECONDS);
    assertThat(dump.exit()).as(dump.err()).isZero();
    // With -k each record has a line for its key and one for its data, both indented; in a heap
    // only the latter.
    long lines = dump.lines().stream().filter(line -> line.startsWith(" ")).count();
    return dump.lines().contains("type=heap") ? lines : lines / 2;
  }

  @Test
  void everyAccessMethod() throws IOException {
    Path home = Tools.init(temp.resolve("home"), "--types", "btree,hash,recno,queue,heap");
    Tools.commits(home, 300);
    Tools.writer("checkpoint", home);
    Path copy = Tools.copyHome(home, temp.resolve("copy"));
    try (DbEnvironment env = open(copy)) {
      for (String type : List.of("btree", "hash", "recno", "queue", "heap")) {
        String name = "accounts-" + type + "-0.db";
        assertThat(new DatabaseCensus(env).of(name))
            .containsExactly(
                new DatabaseCensus.Count(name, Optional.empty(), dumped(copy.resolve(name))));
      }
    }
  }

  private void load(Path file, String content, String... options) throws IOException {
    Path input = temp.resolve("input");
    Files.writeString(input, content, StandardCharsets.UTF_8);
    List<String> command = new java.util.ArrayList<>(List.of("db5.3_load", "-T"));
    command.addAll(List.of("-f", input.toString()));
    command.addAll(List.of(options));
    command.add(file.toString());
    Tools.Result loaded = Tools.run(command, Tools.SECONDS);
    assertThat(loaded.exit()).as(loaded.err()).isZero();
  }

  /** Lines of key and data, the keys repeated. */
  private static String pairs(int keys, int each, int size) {
    StringBuilder text = new StringBuilder();
    for (int key = 0; key < keys; key++) {
      for (int i = 0; i < each; i++) {
        text.append("key").append(key).append('\n');
        text.append("data").append(i).append("x".repeat(size)).append('\n');
      }
    }
    return text.toString();
  }

  @Test
  void databasesOfOneFileDuplicatesAndOverflow() throws IOException {
    Path file = temp.resolve("many.db");
    load(file, pairs(7, 1, 10), "-t", "btree", "-c", "database=one");
    load(file, pairs(5, 400, 10), "-t", "btree", "-c", "duplicates=1", "-c", "database=two");
    load(file, pairs(30, 3, 10), "-t", "hash", "-c", "duplicates=1", "-c", "database=drei ä");
    load(file, pairs(4, 1, 100_000), "-t", "btree", "-c", "database=large");
    load(file, "", "-t", "hash", "-c", "database=none");
    try (DbEnvironment env = open(temp)) {
      assertThat(new DatabaseCensus(env).of("many.db"))
          .containsExactlyInAnyOrder(
              new DatabaseCensus.Count("many.db", Optional.of("one"), 7),
              new DatabaseCensus.Count("many.db", Optional.of("two"), 2000),
              new DatabaseCensus.Count("many.db", Optional.of("drei ä"), 90),
              new DatabaseCensus.Count("many.db", Optional.of("large"), 4),
              new DatabaseCensus.Count("many.db", Optional.of("none"), 0));
      for (String name : List.of("one", "two", "drei ä", "large", "none")) {
        long there = dumped(file, "-s", name);
        assertThat(new DatabaseCensus(env).of("many.db"))
            .contains(new DatabaseCensus.Count("many.db", Optional.of(name), there));
      }
    }
  }

  @Test
  void whatIsNoDatabase() throws IOException {
    Files.writeString(temp.resolve("text"), "no database");
    try (DbEnvironment env = open(temp)) {
      DatabaseCensus census = new DatabaseCensus(env);
      assertThatThrownBy(() -> census.of("absent.db")).isInstanceOf(NoSuchFileDbException.class);
      assertThatThrownBy(() -> census.of("text")).isInstanceOf(DbException.class);
      env.close();
      assertThatThrownBy(() -> census.of("text")).isInstanceOf(ClosedEnvironmentException.class);
    }
  }
}
