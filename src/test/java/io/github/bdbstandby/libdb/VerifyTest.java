package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

  @TempDir Path temp;

  private static DbEnvironment open(Path home) {
    return DbEnvironment.openPrivate(home, Set.of(Subsystem.MPOOL), EnvironmentOptions.defaults());
  }

  private Path quiet(String... options) throws IOException {
    Path home = Tools.init(temp.resolve("home"), options);
    Tools.commits(home, 500);
    Tools.writer("checkpoint", home);
    return Tools.copyHome(home, temp.resolve("copy"));
  }

  @Test
  void goodDatabases() throws IOException {
    Path copy = quiet("--types", "btree,hash,recno,queue,heap", "--config", "add_data_dir data");
    try (DbEnvironment env = open(copy)) {
      for (String type : new String[] {"btree", "hash", "recno", "queue", "heap"}) {
        env.verifyDatabase("accounts-" + type + "-0.db");
      }
    }
  }

  @Test
  void damagedDatabases() throws IOException {
    Path copy = quiet("--types", "btree,hash,recno,queue,heap");
    for (String type : new String[] {"btree", "hash", "recno", "queue", "heap"}) {
      Path file = copy.resolve("accounts-" + type + "-0.db");
      byte[] good = Files.readAllBytes(file);
      for (int seed = 0; seed < 8; seed++) {
        byte[] bad = good.clone();
        byte[] garbage = new byte[200];
        new Random(seed).nextBytes(garbage);
        int page = seed % Math.max(1, good.length / 4096);
        System.arraycopy(garbage, 0, bad, page * 4096 + (seed % 2 == 0 ? 0 : 12), garbage.length);
        Files.write(file, seed == 7 ? Arrays.copyOf(good, good.length / 2 + 100) : bad);
        boolean utility = Tools.run("db5.3_verify", "-q", file.toString()).exit() == 0;
        try (DbEnvironment env = open(copy)) {
          if (utility) {
            env.verifyDatabase(file.getFileName().toString());
          } else {
            assertThatThrownBy(() -> env.verifyDatabase(file.getFileName().toString()))
                .as("%s %s", type, seed)
                .isInstanceOf(DbException.class)
                .hasMessageContaining(file.getFileName().toString());
          }
        }
      }
    }
  }

  @Test
  void messagesAreLibdbs() throws IOException {
    Path copy = quiet("--types", "btree");
    Path file = copy.resolve("accounts-btree-0.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4096, 4096 + 2000, (byte) 0x7F);
    Files.write(file, bytes);
    try (DbEnvironment env = open(copy)) {
      assertThatThrownBy(() -> env.verifyDatabase("accounts-btree-0.db"))
          .isInstanceOfSatisfying(
              DatabaseDamagedException.class,
              e -> {
                assertThat(e.codeName()).isEqualTo("DB_VERIFY_BAD");
                assertThat(e.messages())
                    .isNotEmpty()
                    .allSatisfy(m -> assertThat(m).contains("BDB"));
              });
      assertThatThrownBy(() -> env.verifyDatabase("none.db"))
          .isInstanceOf(NoSuchFileDbException.class);
    }
  }

  @Test
  void checksums() throws IOException {
    Path copy = quiet("--types", "btree", "--checksum");
    Path file = copy.resolve("accounts-btree-0.db");
    byte[] bytes = Files.readAllBytes(file);
    bytes[4096 + 3000] ^= 1;
    Files.write(file, bytes);
    try (DbEnvironment env = open(copy)) {
      assertThatThrownBy(() -> env.verifyDatabase("accounts-btree-0.db"))
          .isInstanceOf(DatabaseDamagedException.class);
    }
  }

  @Test
  void notADatabase() throws IOException {
    Path home = Files.createDirectory(temp.resolve("other"));
    Files.writeString(home.resolve("text.db"), "not a database\n".repeat(1000));
    Files.createFile(home.resolve("empty.db"));
    for (String name : new String[] {"text.db", "empty.db"}) {
      try (DbEnvironment env = open(home)) {
        assertThatThrownBy(() -> env.verifyDatabase(name)).as(name).isInstanceOf(DbException.class);
      }
    }
  }

  @Test
  void namesOfAnyBytes() throws IOException {
    Path copy = quiet("--types", "btree");
    for (String name :
        new String[] {
          "späße ☃.db", FileNames.decode(new byte[] {'x', (byte) 0xFF, (byte) 0xC3, '.', 'd'})
        }) {
      Path file = FileNames.toPath(copy + "/" + name);
      Files.copy(copy.resolve("accounts-btree-0.db"), file);
      try (DbEnvironment env = open(copy)) {
        env.verifyDatabase(name);
      }
      assertThat(FileNames.toName(file)).isEqualTo(copy + "/" + name);
    }
  }
}
