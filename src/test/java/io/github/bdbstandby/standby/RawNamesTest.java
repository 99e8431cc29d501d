package io.github.bdbstandby.standby;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File names are bytes: UTF-8 or not, and whatever the locale, a standby has the same ones. */
final class RawNamesTest {
  private static final byte[] IN_UTF_8 = "späße ☃ 𝄞".getBytes(UTF_8);
  private static final byte[] IN_LATIN_1 = "b\u00FC \u00FF\u0085\u00A0 ".getBytes(ISO_8859_1);

  @TempDir Path work;
  private Path home;
  private Path standby;

  @BeforeEach
  void places() {
    home = work.resolve("home");
    standby = work.resolve("standby");
  }

  private static byte[] named(String kind, byte[] name) {
    byte[] all = Arrays.copyOf(kind.getBytes(UTF_8), kind.length() + name.length);
    System.arraycopy(name, 0, all, kind.length(), name.length);
    return all;
  }

  private static Path below(Path directory, byte[] name) {
    return directory.resolve(FileNames.toPath(FileNames.decode(name)));
  }

  /** Directories with these names, as DB_CONFIG says, and a file of the application's own. */
  private void environment(byte[] name) throws Exception {
    Writer.init(home, "--config", "set_data_dir data", "--config", "set_lg_dir logs");
    Files.move(home.resolve("data"), below(home, named("data", name)));
    Files.move(home.resolve("logs"), below(home, named("logs", name)));
    Files.write(home.resolve("DB_CONFIG"), config(name));
    Files.write(below(home, named("notes", name)), new byte[] {1, 2, 3});
    Writer.work(home, 200);
    // The first log files, by which these directories have other names, are needed no more.
    Writer.run("checkpoint", home);
  }

  private static byte[] config(byte[] name) {
    ByteArrayOutputStream config = new ByteArrayOutputStream();
    config.writeBytes("# ".getBytes(UTF_8));
    config.writeBytes(name);
    config.writeBytes("\r\nset_data_dir ".getBytes(UTF_8));
    config.writeBytes(named("data", name));
    config.writeBytes("\n \tset_lg_dir \t".getBytes(UTF_8));
    config.writeBytes(named("logs", name));
    config.writeBytes("\r\n".getBytes(UTF_8));
    return config.toByteArray();
  }

  private void assertSameNames(byte[] name) throws Exception {
    assertThat(standby.resolve("DB_CONFIG")).hasBinaryContent(config(name));
    assertThat(below(standby, named("notes", name))).hasBinaryContent(new byte[] {1, 2, 3});
    for (String kind : List.of("data", "logs")) {
      try (Stream<Path> files = Files.list(below(standby, named(kind, name)))) {
        assertThat(files).as(kind).isNotEmpty();
      }
    }
    try (Stream<Path> files = Files.list(standby)) {
      assertThat(files.filter(Files::isDirectory)).as("no other directories").hasSize(3);
    }
  }

  private static byte[] name(String encoding) {
    return encoding.equals("UTF-8") ? IN_UTF_8 : IN_LATIN_1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
  void aStandbyHasTheSameNames(String encoding) throws Exception {
    byte[] name = name(encoding);
    environment(name);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    assertSameNames(name);
    Cli.json("verify", "--drill", "--standby", standby).good();
    for (String how : List.of("--checkpoint", "--passive")) {
      try (Child application = Writer.idle(home)) {
        assertThat(Cli.json("sync", "--standby", standby, how).good().path("recoveredTo"))
            .isNotNull();
        assertThat(application.isAlive()).isTrue();
      }
    }
    Cli.json("verify", "--standby", standby).good();
    Writer.work(home, 50);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Writer.work(home, 50);
    JsonNode before = Writer.run("check", home);
    Cli.json("failover", "--standby", standby).good();
    assertSameNames(name);
    assertThat(Writer.run("check", standby)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
  void theLocaleMakesNoDifference(String encoding) throws Exception {
    byte[] name = name(encoding);
    environment(name);
    for (String command : List.of("snapshot", "sync", "verify", "failover")) {
      List<String> words = new ArrayList<>(List.of(command, "--standby", standby.toString()));
      if (command.equals("snapshot")) {
        words.addAll(List.of("--home", home.toString()));
      }
      try (Child child = Cli.start(Map.of("LC_ALL", "C"), work, words.toArray())) {
        Child.Ended ended = child.await();
        assertThat(ended.code()).as("%s: %s", command, ended).isZero();
      }
    }
    assertSameNames(name);
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1"})
  void directoriesSetInCodeAreWrittenAsTheyAre(String encoding) throws Exception {
    byte[] name = name(encoding);
    environment(name);
    Files.delete(home.resolve("DB_CONFIG"));
    EnvironmentOptions options =
        EnvironmentOptions.builder()
            .addDataDirectory(FileNames.decode(named("data", name)))
            .logDirectory(FileNames.decode(named("logs", name)))
            .build();
    Standby.at(standby)
        .snapshot(
            new SourceRequest(home, options), SnapshotOptions.defaults(), StandbyListener.NONE);
    Standby.at(standby).sync(StandbyListener.NONE);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes("add_data_dir ".getBytes(UTF_8));
    expected.writeBytes(named("data", name));
    expected.writeBytes("\nset_lg_dir ".getBytes(UTF_8));
    expected.writeBytes(named("logs", name));
    expected.write('\n');
    assertThat(standby.resolve("DB_CONFIG")).hasBinaryContent(expected.toByteArray());
    Files.write(home.resolve("DB_CONFIG"), expected.toByteArray());
    assertThat(Writer.run("check", standby)).isEqualTo(Writer.run("check", home));
  }

  /** The bytes of a name as it is put out: what README says of it, the other way round. */
  private static Path put(String shown) {
    Matcher escapes = Pattern.compile("\\\\(\\\\|x([0-9A-F]{2}))").matcher(shown);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int from = 0;
    for (; escapes.find(); from = escapes.end()) {
      bytes.writeBytes(shown.substring(from, escapes.start()).getBytes(UTF_8));
      bytes.write(escapes.group(2) == null ? '\\' : Integer.parseInt(escapes.group(2), 16));
    }
    bytes.writeBytes(shown.substring(from).getBytes(UTF_8));
    return FileNames.toPath(FileNames.decode(bytes.toByteArray()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C"})
  void whatIsPutOutTellsTheBytes(String locale) throws Exception {
    environment(IN_LATIN_1);
    byte[] hard = "two\nlines, \\xE9, \u0085 \u2603".getBytes(UTF_8);
    Files.write(below(home, hard), new byte[] {4});
    List<Path> listed = new ArrayList<>();
    JsonNode list = run(locale, "list", "--home", home, "--databases", "--json");
    list.path("files").forEach(file -> listed.add(put(file.asText())));
    assertThat(listed).isNotEmpty().allMatch(Files::exists);
    try (Child child =
        Cli.start(Map.of("LC_ALL", locale), work, "list", "--home", home, "--databases")) {
      assertThat(child.await().out().lines().map(RawNamesTest::put)).isEqualTo(listed);
    }

    JsonNode plan =
        run(locale, "snapshot", "--home", home, "--standby", standby, "--dry-run", "--json");
    List<Path> planned = new ArrayList<>();
    plan.path("steps")
        .path(0)
        .path("paths")
        .forEach(f -> planned.add(put(f.path("path").asText())));
    assertThat(planned)
        .allMatch(Files::exists)
        .contains(below(home, hard), below(home, named("notes", IN_LATIN_1)))
        .containsAll(listed.stream().map(Path::normalize).toList());

    run(locale, "snapshot", "--home", home, "--standby", standby, "--json");
    assertThat(ManifestFile.ofStandby(new StandbyDirectory(standby)).files())
        .containsKeys(FileNames.decode(hard), FileNames.decode(named("notes", IN_LATIN_1)));
  }

  private JsonNode run(String locale, Object... words) throws Exception {
    try (Child child = Cli.start(Map.of("LC_ALL", locale), work, words)) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      return new ObjectMapper().readTree(ended.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C"})
  void aMessageTellsTheBytes(String locale) throws Exception {
    environment(IN_LATIN_1);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Path link = below(standby, named("link", IN_LATIN_1));
    Files.createSymbolicLink(link, work);
    try (Child child =
        Cli.start(Map.of("LC_ALL", locale), work, "sync", "--standby", standby, "--json")) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).isEqualTo(3);
      String named = standby + "/linkb\\xFC \\xFF\\x85\\xA0 : ";
      assertThat(ended.err()).contains(named);
      assertThat(new ObjectMapper().readTree(ended.out()).path("message").asText())
          .startsWith(named);
    }
  }

  /** Whoever has it mapped; all processes are looked at. */
  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C"})
  void aFileOfAnyNameMayBeMappedElsewhere(String locale) throws Exception {
    Writer.init(home);
    Path program = below(work, IN_UTF_8);
    Files.copy(Path.of("/bin/sleep"), program);
    Path script = work.resolve("script"); // Java's own argument would be of its locale
    Files.write(script, named("exec ./", quoted(IN_UTF_8)));
    Files.write(script, " 600".getBytes(UTF_8), StandardOpenOption.APPEND);
    ProcessBuilder sleeping = new ProcessBuilder("sh", script.toString());
    try (Child mapping = Child.start(sleeping.directory(work.toFile()))) {
      Path executable = Path.of("/proc/" + mapping.pid() + "/exe");
      while (!Files.isSameFile(executable, program)) {
        Thread.onSpinWait();
      }
      run(locale, "recover", "--home", home, "--json");
    }
  }

  @Test
  void aNameThatNoBytesSpellIsRefused() throws Exception {
    Writer.init(home);
    for (String name : List.of("half \uD800", "ended\0here", "two\nlines")) {
      EnvironmentOptions options = EnvironmentOptions.builder().addDataDirectory(name).build();
      assertThatThrownBy(
              () ->
                  Standby.at(standby)
                      .snapshot(
                          new SourceRequest(home, options),
                          SnapshotOptions.defaults(),
                          StandbyListener.NONE))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining(FileNames.escaped(name));
      assertThat(standby).doesNotExist();
    }
    assertThat(FileNames.escaped("half \uDCE9\uD800\t")).isEqualTo("half \\xE9\\uD800\\x09");
    assertThat(FileNames.escaped("a\\b\u0085")).isEqualTo("a\\\\b\\xC2\\x85");
  }

  /** Java has put a sign for them before anybody can ask. */
  @Test
  void anArgumentThatIsNotUtf8IsAMatterOfUsage() throws Exception {
    Files.createDirectory(below(work, IN_LATIN_1));
    Path script = work.resolve("script");
    Files.write(script, named("exec \"$@\" --standby ", quoted(IN_LATIN_1)));
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.github.bdbstandby.cli.Main", "status"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C.UTF-8");
    try (Child child = Child.start(builder)) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).isEqualTo(2);
      assertThat(ended.err()).contains("b\\xFC \\xFF\\x85\\xA0 ");
    }
  }

  private static byte[] quoted(byte[] name) {
    byte[] begun = named("'", name);
    byte[] all = Arrays.copyOf(begun, begun.length + 1);
    all[begun.length] = '\'';
    return all;
  }
}
