package io.github.bdbstandby.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bdbstandby.testkit.Child;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package of the machine's own architecture. */
@Tag("release")
final class DebianPackageTest {
  @TempDir Path work;
  private Unpacked unpacked;
  private String architecture;

  @BeforeEach
  void unpack() throws Exception {
    architecture =
        Unpacked.run(new ProcessBuilder("dpkg", "--print-architecture")).lastLine().strip();
    unpacked = Unpacked.of(architecture, work, List.of(), Map.of());
  }

  private String prefix() {
    return architecture.equals("arm64") ? "linux-aarch64" : "linux-x86-64";
  }

  @Test
  void saysItsVersion() throws Exception {
    assertThat(unpacked.program("--version").out().lines())
        .first()
        .isEqualTo("bdb-standby " + Unpacked.VERSION);
  }

  @Test
  void takesOver() throws Exception {
    JsonNode checked = unpacked.takeOver(prefix());
    assertThat(checked.path("ok").asBoolean()).as("%s", checked).isTrue();
    assertThat(checked.path("lostAcks").asLong()).isZero();
    assertThat(checked.path("journal").asLong()).isPositive();
  }

  /** The jar is a module, with its version and its main class, on a path of its libraries. */
  @Test
  void isAModule() throws Exception {
    Path jar = unpacked.file("usr/lib/bdb-standby/bdb-standby.jar");
    Child.Ended ended =
        Unpacked.run(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                jar + File.pathSeparator + jar.resolveSibling("lib"),
                "--add-modules",
                "ALL-MODULE-PATH",
                "--module",
                "io.github.bdbstandby",
                "--version"));
    assertThat(ended.out().lines()).first().isEqualTo("bdb-standby " + Unpacked.VERSION);
  }

  @Test
  void completesCommandsAndOptions() throws Exception {
    String script =
        """
        set -e
        compopt() { :; } # of the shell's own completion alone
        . "$1"
        complete -p bdb-standby >/dev/null
        COMP_WORDS=(bdb-standby snap) COMP_CWORD=1
        _complete_bdb-standby
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(bdb-standby follow --on) COMP_CWORD=2
        _complete_bdb-standby
        echo "${COMPREPLY[@]}"
        """;
    Path completion = unpacked.file("usr/share/bash-completion/completions/bdb-standby");
    Child.Ended ended =
        Unpacked.run(
            new ProcessBuilder(
                "bash", "--norc", "-c", script, "bash", completion.toAbsolutePath().toString()));
    assertThat(ended.out().lines().map(String::strip)).containsExactly("snapshot", "--on-gap");
  }

  /** What a unit starts and what it is documented by is in the package. */
  @Test
  void unitsNameWhatIsThere() throws Exception {
    Path units = unpacked.file("usr/lib/systemd/system");
    TreeSet<String> named = new TreeSet<>();
    try (Stream<Path> files = Files.list(units)) {
      for (Path unit : files.toList()) {
        for (String line : Files.readAllLines(unit)) {
          if (line.startsWith("ExecStart=") || line.startsWith("Documentation=")) {
            for (String word : line.replaceFirst("^\\w+=", "").split(" ", -1)) {
              if (word.startsWith("/") || word.startsWith("file:")) {
                named.add(word.replaceFirst("^file:", ""));
              }
            }
          }
        }
      }
    }
    assertThat(named).contains("/usr/bin/bdb-standby");
    assertThat(named).allSatisfy(name -> assertThat(unpacked.file(name.substring(1))).exists());
    assertThat(unpacked.file("usr/share/man/man1/bdb-standby.1.gz")).isNotEmptyFile();
  }

  /** In a dpkg database of its own, whose root the machine's systemd knows nothing of. */
  @Test
  void isInstalledAndRemoved() throws Exception {
    Path root = Files.createDirectory(work.resolve("installed"));
    for (String each : new String[] {"info", "updates"}) {
      Files.createDirectories(root.resolve("var/lib/dpkg").resolve(each));
    }
    Files.createFile(root.resolve("var/lib/dpkg/status"));
    Path file =
        Path.of(
            System.getProperty("bdbstandby.release"),
            "bdb-standby_" + Unpacked.VERSION + "_" + architecture + ".deb");
    dpkg(root, "--install", file.toString());
    assertThat(root.resolve("usr/bin/bdb-standby")).isExecutable();
    dpkg(root, "--verify", "bdb-standby");
    dpkg(root, "--remove", "bdb-standby");
    assertThat(root.resolve("usr/bin/bdb-standby")).doesNotExist();
    assertThat(root.resolve("usr/lib/bdb-standby")).doesNotExist();
  }

  private static void dpkg(Path root, String action, String what) throws Exception {
    Unpacked.run(
        new ProcessBuilder(
            "dpkg",
            "--root=" + root,
            "--log=" + root.resolve("dpkg.log"),
            "--force-depends",
            "--force-not-root",
            "--force-script-chrootless",
            action,
            what));
  }
}
