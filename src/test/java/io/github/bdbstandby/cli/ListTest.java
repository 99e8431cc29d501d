package io.github.bdbstandby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Environments;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code list} says what libdb's own utility says. */
final class ListTest {
  @TempDir Path work;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "btree",
        "mixed",
        "queue-extents",
        "subdirectories",
        "data-dirs-config",
        "encrypted"
      })
  void equalsTheUtility(String environment) throws Exception {
    Path home = work.resolve("a home");
    Environments.init(environment, home);
    List<Object> password = new ArrayList<>();
    if (environment.equals("encrypted")) {
      password.addAll(List.of("--password-file", Environments.passwordFile(home)));
    }
    Writer.work(home, 400);
    Writer.run("checkpoint", home);
    try (Child application = Writer.idle(home)) {
      compare(environment, home, password);
      assertThat(application.stop().code()).isZero();
    }
    compare(environment, home, password);
    // At rest and without regions nothing of the source changes either.
    Writer.run("remove-environment", home, "--force");
    Map<String, String> before = Tree.of(home);
    for (String which : List.of("--databases", "--logs", "--inactive")) {
      assertThat(ours(home, which, password)).isNotEmpty();
    }
    // The utility can be no judge here: without regions its plain list crashes.
    assertThat(Tree.of(home)).isEqualTo(before);
  }

  @Test
  void ofAStandby() throws Exception {
    Path home = work.resolve("home");
    Path standby = work.resolve("standby");
    Writer.init(home, "--types", "btree");
    Writer.work(home, 400);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
    Map<String, String> before = Tree.of(standby);
    List<String> logs = new ArrayList<>();
    for (LogFile log : LogFile.in(standby)) {
      logs.add(log.path().toString());
    }
    assertThat(ours(standby, "--logs", List.of())).isEqualTo(logs);
    assertThat(ours(standby, "--databases", List.of()))
        .isNotEmpty()
        .allMatch(name -> name.startsWith(standby + "/") && Files.exists(Path.of(name)));
    assertThat(Tree.of(standby)).isEqualTo(before);
  }

  /** They can be copied by nobody, and named all the same. */
  @Test
  void directoriesOutsideTheHome() throws Exception {
    Path home = work.resolve("home");
    Path logs = Files.createDirectory(work.resolve("logs"));
    Path data = Files.createDirectory(work.resolve("data"));
    String config = "set_lg_dir " + logs + "\nadd_data_dir " + data;
    Writer.init(home, "--types", "btree", "--config", config);
    Writer.work(home, 400);
    try (Child application = Writer.idle(home)) {
      compare("", home, List.of());
      assertThat(ours(home, "--logs", List.of())).allMatch(name -> name.startsWith(logs + "/"));
      application.stop();
    }
  }

  private static void compare(String environment, Path home, List<Object> password)
      throws Exception {
    assertThat(ours(home, "--databases", password)).isEqualTo(archive(environment, home, "-s"));
    assertThat(ours(home, "--logs", password)).isEqualTo(archive(environment, home, "-l"));
    assertThat(ours(home, "--inactive", password)).isEqualTo(archive(environment, home));
  }

  private static List<String> ours(Path home, String which, List<Object> password)
      throws Exception {
    List<Object> words = new ArrayList<>(List.of("list", "--home", home, which));
    words.addAll(password);
    Outcome text = Cli.run(words.toArray());
    assertThat(text.code()).as("%s", text).isZero();
    assertThat(text.err()).isEmpty();
    assertThat(text.nativeErr()).isEmpty();
    List<String> lines = text.out().lines().toList();
    assertThat(lines).isSorted();
    List<String> listed = new ArrayList<>();
    for (JsonNode file : Cli.json(words.toArray()).good().path("files")) {
      listed.add(file.asText());
    }
    assertThat(listed).isEqualTo(lines);
    return lines;
  }

  private static List<String> archive(String environment, Path home, String... options)
      throws Exception {
    List<String> words = new ArrayList<>(List.of("db5.3_archive", "-a", "-h", home.toString()));
    words.addAll(List.of(options));
    if (environment.equals("encrypted")) {
      words.addAll(List.of("-P", Environments.PASSWORD));
    }
    try (Child child = Child.start(new ProcessBuilder(words))) {
      Child.Ended ended = child.await();
      assertThat(ended.code()).as("%s", ended).isZero();
      return ended.out().lines().filter(line -> !line.isEmpty()).sorted().toList();
    }
  }
}
