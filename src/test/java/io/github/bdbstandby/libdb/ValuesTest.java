package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValuesTest {

  @TempDir Path temp;

  @Test
  void lsn() {
    assertThat(Lsn.parse("131/4242")).isEqualTo(new Lsn(131, 4242)).hasToString("131/4242");
    assertThat(Lsn.ZERO.isZero()).isTrue();
    assertThat(new Lsn(2, 0)).isGreaterThan(new Lsn(1, 9)).isLessThan(new Lsn(2, 1));
    Lsn most = new Lsn(0xFFFF_FFFFL, 0xFFFF_FFFFL);
    assertThat(Lsn.parse(most.toString())).isEqualTo(most);
    assertThat(Lsn.ofInts(-1, -1)).isEqualTo(most);
    for (String bad : List.of("", "1", "/", "1/", "/1", "a/b", "-1/2", "4294967296/0", "1/2/3")) {
      assertThatThrownBy(() -> Lsn.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void logFiles() throws IOException {
    assertThat(LogFile.nameOf(131)).isEqualTo("log.0000000131");
    assertThat(LogFile.numberOf("log.0000000131")).hasValue(131);
    assertThat(LogFile.numberOf("log.4294967295")).hasValue(4294967295L);
    for (String other :
        List.of(
            "log.0000000000",
            "log.131",
            "log.00000001310",
            "log.000000013x",
            "log.9999999999",
            "Log.0000000131",
            "log.-000000131",
            "")) {
      assertThat(LogFile.numberOf(other)).as(other).isEmpty();
    }
    for (String name : List.of("log.0000000010", "log.0000000002", "log.txt", "a.db")) {
      Files.createFile(temp.resolve(name));
    }
    assertThat(LogFile.in(temp)).extracting(LogFile::number).containsExactly(2L, 10L);
    assertThatThrownBy(() -> LogFile.in(temp.resolve("none"))).isInstanceOf(IOException.class);
    LogListing listing =
        new LogListing(List.of("/h/a.db", "/h/log.0000000010", "/h/log.0000000002"));
    assertThat(listing.highest()).hasValue(10);
    assertThat(listing.logFiles()).extracting(LogFile::number).containsExactly(2L, 10L);
    assertThat(new LogListing(List.of()).highest()).isEmpty();
  }

  /** ext4 lists a directory by hashes: of two new files it may show the second alone. */
  @Test
  void aListOfALogThatGrowsHasNoHole() throws Exception {
    int there = 2000;
    for (int number = 1; number <= there; number++) {
      Files.createFile(temp.resolve(LogFile.nameOf(number)));
    }
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> last =
          writer.submit(
              () -> {
                int number = there;
                while (!enough.get()) {
                  Files.createFile(temp.resolve(LogFile.nameOf(++number)));
                }
                return number;
              });
      for (int list = 0; list < 20; list++) {
        List<LogFile> logs = LogFile.in(temp);
        assertThat(logs.get(0).number()).isEqualTo(1);
        assertThat(logs.get(logs.size() - 1).number()).isEqualTo(logs.size());
      }
      enough.set(true);
      assertThat(last.get()).isGreaterThan(there);
    } finally {
      enough.set(true);
      writer.shutdown();
    }
  }

  @Test
  void anyBytesSurviveAsANameAndAsAPath() {
    Random random = new Random(1);
    for (int i = 0; i < 5000; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      for (int n = 0; n < bytes.length; n++) {
        bytes[n] = bytes[n] == 0 || bytes[n] == '/' ? (byte) 'a' : bytes[n];
      }
      String name = FileNames.decode(bytes);
      assertThat(FileNames.encode(name)).isEqualTo(bytes);
      if (bytes.length > 0 && !name.equals(".") && !name.equals("..")) {
        assertThat(FileNames.toName(FileNames.toPath("/x/" + name))).isEqualTo("/x/" + name);
      }
    }
    assertThat(FileNames.decode("späße ☃ 𝄞".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("späße ☃ 𝄞");
    assertThat(FileNames.encode(Path.of("/"))).isEqualTo(new byte[] {'/'});
    assertThat(FileNames.toName(temp)).isEqualTo(temp.toString());
    assertThatThrownBy(() -> FileNames.encode("a\0b")).isInstanceOf(IllegalArgumentException.class);
    for (String name : new String[] {"a", "a/é", "../\uDCFF", ".", "é", "/é//\uDCE9/"}) {
      Path path = FileNames.toPath(name);
      assertThat(path.isAbsolute()).isEqualTo(name.startsWith("/"));
      assertThat(FileNames.toName(path)).isEqualTo(name.replace("//", "/").replaceAll("/$", ""));
    }
    assertThatThrownBy(() -> FileNames.toPath("a\uD800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a\\uD800");
    assertThatThrownBy(() -> FileNames.toPath("a\0")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void options() {
    byte[] password = {'s', 'e', 'c'};
    EnvironmentOptions options =
        EnvironmentOptions.builder()
            .addDataDirectory("d")
            .logDirectory("l")
            .password(password)
            .cacheBytes(5)
            .build();
    password[0] = 'x';
    assertThat(options.password().orElseThrow()).isEqualTo(new byte[] {'s', 'e', 'c'});
    options.password().orElseThrow()[0] = 'y';
    EnvironmentOptions copy = options.toBuilder().build();
    assertThat(copy.password().orElseThrow()).isEqualTo(new byte[] {'s', 'e', 'c'});
    assertThat(copy.dataDirectories()).containsExactly("d");
    assertThat(copy.logDirectory()).hasValue("l");
    assertThat(copy.cacheBytes()).isEqualTo(5);
    assertThat(options.toString()).doesNotContain("sec");
    EnvironmentOptions.Builder builder = EnvironmentOptions.builder();
    assertThatThrownBy(() -> builder.password(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.password(new byte[] {1, 0}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.cacheBytes(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fileId() {
    byte[] bytes = new byte[20];
    bytes[0] = (byte) 0xAB;
    FileId id = new FileId(bytes);
    bytes[0] = 0;
    assertThat(id)
        .hasToString("ab" + "00".repeat(19))
        .isEqualTo(new FileId(id.bytes()))
        .hasSameHashCodeAs(new FileId(id.bytes()));
    assertThatThrownBy(() -> new FileId(new byte[19])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void recordsOfAnotherFormAreKeptWhole() {
    Random random = new Random(2);
    for (int i = 0; i < 20_000; i++) {
      byte[] record = new byte[random.nextInt(120)];
      random.nextBytes(record);
      for (LogRecordType type : LogRecordType.values()) {
        LogRecord read = LogRecords.read(new Lsn(1, 28), type, record);
        assertThat(read.lsn()).isEqualTo(new Lsn(1, 28));
        if (read instanceof Other other && record.length >= 16) {
          assertThat(other.body()).hasSize(record.length - 16);
        }
      }
    }
  }

  @Test
  void errorsAreTold() {
    assertThat(
            new DbException(Shim.constant("DB_RUNRECOVERY"), "DB_ENV->open /x", List.of("a", "b")))
        .hasMessage("DB_ENV->open /x: a; b (DB_RUNRECOVERY)");
    assertThat(new DbException(28, "call", List.of()))
        .hasMessage("call: No space left on device (ENOSPC)");
    assertThat(new DbException(9999, "call", List.of()).codeName()).isEqualTo("errno 9999");
    assertThat(new OperationCancelledException("call").codeName()).isEqualTo("ECANCELED");
    assertThatThrownBy(() -> Shim.constant("DB_NONSENSE")).isInstanceOf(LinkageError.class);
  }

  @Test
  void overrideNeverFallsBack() throws IOException {
    Path broken = Files.writeString(temp.resolve("libbroken.so"), "not a library");
    for (String file : List.of(broken.toString(), temp.resolve("none.so").toString())) {
      Tools.Result result =
          Tools.run(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
              "-Dbdbstandby.library=" + file,
              RecoverMain.class.getName(),
              temp.toString());
      assertThat(result.exit()).isNotZero();
      assertThat(result.err()).contains("UnsatisfiedLinkError").contains(file);
    }
  }
}
