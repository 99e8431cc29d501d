package io.github.bdbstandby.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A source, a standby that has something to catch up with, and beside them a directory that is
 * nobody's business: all put back as it was before each case.
 */
final class Place {
  private final Path pristine;
  private final Path work;

  private Place(Path directory) {
    this.pristine = directory.resolve("pristine");
    this.work = directory.resolve("work");
  }

  /** Always the same record: with regions made anew, a database that grows asks for a snapshot. */
  private static void change(Path home, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Writer.run("put", home, "--db", "accounts-btree-0.db", "--key", "k", "--value", "v" + i % 10);
    }
  }

  static Place make(Path directory) throws Exception {
    Place place = new Place(directory);
    Path home = Files.createDirectories(place.work).resolve("home");
    Writer.init(home, "--types", "btree,hash,queue", "--config", "set_lk_max_locks 2000");
    Writer.work(home, 100);
    change(home, 1);
    Cli.json("snapshot", "--home", home, "--standby", place.standby()).good();
    change(home, 12);
    Cli.json("sync", "--standby", place.standby()).good();
    change(home, 12);
    // What a follow leaves that was killed after it had shipped.
    Path incoming = Files.createDirectories(place.marks().resolve("incoming"));
    for (Path log : Named.logs(home)) {
      if (log.compareTo(home.resolve(last(place.standby()))) >= 0) {
        Files.copy(log, incoming.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path outside = Files.createDirectory(place.outside());
    Files.writeString(outside.resolve("victim"), "mine");
    copy(home, outside.resolve("other"));
    Files.move(place.work, place.pristine);
    return place;
  }

  private static String last(Path standby) throws Exception {
    return Named.logs(standby).stream().reduce((a, b) -> b).orElseThrow().getFileName().toString();
  }

  Path home() {
    return work.resolve("home");
  }

  Path standby() {
    return work.resolve("standby");
  }

  Path marks() {
    return standby().resolve(".bdb-standby");
  }

  Path manifest() {
    return marks().resolve("manifest.json");
  }

  Path journal() {
    return marks().resolve("journal.json");
  }

  Path outside() {
    return work.resolve("outside");
  }

  /** Where a first snapshot may go. */
  Path fresh() {
    return work.resolve("fresh");
  }

  /** Puts all back. */
  void reset() throws Exception {
    if (Files.exists(work)) {
      try (Stream<Path> all = Files.walk(work)) {
        for (Path each : (Iterable<Path>) all.sorted((a, b) -> b.compareTo(a))::iterator) {
          Files.delete(each);
        }
      }
    }
    copy(pristine, work);
  }

  /** With times, by which files at rest are known. */
  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        if (!each.getFileName().toString().startsWith("__db.0")) {
          Files.copy(
              each,
              to.resolve(from.relativize(each).toString()),
              StandardCopyOption.COPY_ATTRIBUTES,
              LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  /** A switch that was begun: the manifest is there, and the journal's next one. */
  void openSwitch() throws Exception {
    ObjectMapper json = new ObjectMapper();
    json.writeValue(
        journal().toFile(),
        json.createObjectNode()
            .put("phase", "clearing")
            .putPOJO("next", json.readTree(manifest().toFile()))
            .putNull("leaving"));
    Path image = Files.createDirectory(marks().resolve("image"));
    try (Stream<Path> files = Files.list(standby())) {
      for (Path each : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.copy(each, image.resolve(each.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Runs a command, and sees that neither the source nor what is beside it has changed. */
  Outcome run(Commands commands, String command) throws Exception {
    Map<String, String> source = Tree.withoutRegions(home());
    Map<String, String> outside = Tree.of(outside());
    Object[] words =
        switch (command) {
          case "snapshot" ->
              new Object[] {command, "--home", home(), "--standby", standby(), "--copy", "auto"};
          case "first" -> new Object[] {"snapshot", "--home", home(), "--standby", fresh()};
          case "list" -> new Object[] {command, "--home", home(), "--databases"};
          case "recover" -> new Object[] {command, "--home", standby()};
          default -> new Object[] {command, "--standby", standby()};
        };
    Outcome outcome = commands.run(words);
    assertThat(Tree.of(outside())).as("%s: %s", command, outcome).isEqualTo(outside);
    assertThat(Tree.withoutRegions(home())).as("%s: %s", command, outcome).isEqualTo(source);
    try (Stream<Path> beside = Files.list(work)) {
      assertThat(beside.map(each -> each.getFileName().toString()).toList())
          .isSubsetOf(List.of("home", "standby", "outside", "fresh"));
    }
    return outcome;
  }
}
