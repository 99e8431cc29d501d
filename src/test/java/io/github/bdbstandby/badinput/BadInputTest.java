package io.github.bdbstandby.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage at random, from a seed that is told; and by name what was once not borne. */
final class BadInputTest {
  private static final long SEED = Long.getLong("bdbstandby.badinput.seed", 1);
  private static final List<String> OF_STANDBY = List.of("sync", "status", "verify", "failover");
  private static final List<String> ALL =
      List.of("snapshot", "first", "sync", "status", "verify", "failover", "recover", "list");
  private static final List<String> WRITING =
      List.of("sync", "follow", "verify", "failover", "recover", "snapshot");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path temp;
  private static Place place;
  private static Commands commands;

  @BeforeAll
  static void make() throws Exception {
    place = Place.make(temp);
    commands = new Commands(Files.createDirectory(temp.resolve("tmp")));
  }

  @AfterAll
  static void end() throws Exception {
    if (commands != null) {
      commands.close();
    }
  }

  @BeforeEach
  void reset() throws Exception {
    place.reset();
  }

  @Test
  void nothingIsWrong() throws Exception {
    for (String command : ALL) {
      place.reset();
      Outcome ended = place.run(commands, command);
      assertThat(ended.code()).as(command + ": " + ended).isZero();
    }
    place.reset();
    place.openSwitch();
    assertThat(place.run(commands, "sync").code()).isZero();
  }

  @Test
  void atRandom() throws Exception {
    random(100);
  }

  @Test
  @Tag("soak")
  void atRandomForLong() throws Exception {
    random(Integer.getInteger("bdbstandby.badinput.cases", 5000));
  }

  private static void random(int cases) throws Exception {
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      place.reset();
      String what = "seed " + seed + ": ";
      try {
        what += damage(random);
        String command = ALL.get(random.nextInt(ALL.size()));
        what += ", " + command;
        place.run(commands, command);
      } catch (AssertionError e) {
        failures.add(what + ": " + e.getMessage());
      }
    }
    assertThat(failures).isEmpty();
  }

  private static String damage(Random random) throws Exception {
    if (random.nextInt(4) == 0) {
      place.openSwitch();
    }
    if (random.nextInt(3) == 0) {
      Path file = Files.exists(place.journal()) ? place.journal() : place.manifest();
      return file.getFileName() + ": " + Damage.json(file, random, place.outside());
    }
    List<Path> files = new ArrayList<>();
    for (Path directory :
        List.of(place.standby(), place.home(), place.marks().resolve("incoming"))) {
      files.addAll(Named.logs(directory));
      files.addAll(Named.databases(directory));
      files.add(directory.resolve("DB_CONFIG"));
    }
    for (String mark :
        List.of("manifest.json", "lock", "last-error.json", "page-slot", "incoming")) {
      files.add(place.marks().resolve(mark));
    }
    Path file = files.get(random.nextInt(files.size()));
    return file + ": " + damage(file, random);
  }

  private static String damage(Path file, Random random) throws Exception {
    long size = Files.isRegularFile(file) ? Files.size(file) : 0;
    int kind = size == 0 ? 4 + random.nextInt(5) : random.nextInt(9);
    switch (kind) {
      case 0 -> Damage.truncate(file, random.nextLong(size));
      case 1 -> Damage.flip(file, random.nextLong(8 * size));
      case 2 -> {
        byte[] wrong = new byte[16 + random.nextInt(100)];
        random.nextBytes(wrong);
        Damage.overwrite(file, random.nextBoolean() ? 0 : random.nextLong(size), wrong);
      }
      case 3 -> Damage.overwrite(file, random.nextLong(size) & ~3L, new byte[] {-1, -1, -1, -1});
      case 4 -> Damage.directory(file);
      case 5 -> Damage.fifo(file);
      case 6 -> Damage.socket(file);
      case 7 -> Damage.link(file, place.outside().resolve("other").resolve(file.getFileName()));
      default -> Damage.link(file, place.outside().resolve("nothing"));
    }
    return List.of(
            "truncated",
            "a bit",
            "wrong",
            "ones",
            "directory",
            "FIFO",
            "socket",
            "link",
            "to nothing")
        .get(kind);
  }

  private static void refused(String command, String reason) throws Exception {
    Outcome outcome = place.run(commands, command);
    assertThat(outcome.code()).as("%s: %s", command, outcome).isEqualTo(3);
    assertThat(outcome.json().path("reason").asText()).as("%s", outcome).isEqualTo(reason);
  }

  private static void manifest(Consumer<ObjectNode> edit) throws Exception {
    ObjectNode manifest = (ObjectNode) JSON.readTree(place.manifest().toFile());
    edit.accept(manifest);
    JSON.writeValue(place.manifest().toFile(), manifest);
    for (String command : OF_STANDBY) {
      refused(command, "not-a-standby");
    }
    refused("snapshot", "not-a-standby");
  }

  @Test
  void manifestOfAGigabyte() throws Exception {
    Damage.makeHuge(place.manifest());
    for (String command : OF_STANDBY) {
      refused(command, "not-a-standby");
    }
  }

  @Test
  void aQueueThatIsAFifoKeepsNobodyWaiting() throws Exception {
    for (String command : ALL) {
      place.reset();
      Damage.fifo(place.home().resolve("apart-queue-0.db"));
      place.run(commands, command);
    }
    refused("list", "damaged");
  }

  @Test
  void otherFilesOfAGigabyte() throws Exception {
    Damage.makeHuge(place.marks().resolve("last-error.json"));
    Damage.truncate(place.home().resolve("DB_CONFIG"), 4 << 20);
    Damage.makeHuge(place.marks().resolve("page-slot"));
    assertThat(place.run(commands, "status").code()).isZero();
    assertThat(place.run(commands, "sync").code()).isEqualTo(1);
  }

  @Test
  void manifestThatSaysNull() throws Exception {
    Files.writeString(place.manifest(), "null");
    for (String command : OF_STANDBY) {
      refused(command, "not-a-standby");
    }
  }

  @Test
  void fileInTheManifestThatIsOutside() throws Exception {
    String victim = place.outside().resolve("victim").toString();
    for (String name : List.of("../outside/victim", victim, "x/../../outside/victim", "a\0b", "")) {
      manifest(
          m -> {
            ObjectNode files = (ObjectNode) m.get("files");
            files.set(name, files.elements().next());
          });
      place.reset();
    }
  }

  @Test
  void logDirectoryInTheManifestThatIsOutside() throws Exception {
    manifest(m -> m.put("logDirectory", "../outside/other"));
    place.reset();
    manifest(m -> m.put("logDirectory", place.outside().resolve("other").toString()));
  }

  @Test
  void wordsInTheManifestThatNobodyKnows() throws Exception {
    for (String field : List.of("procedure", "layout", "archive")) {
      manifest(m -> m.put(field, "a\0b"));
      place.reset();
    }
    manifest(m -> m.put("firstNeeded", -1));
  }

  @Test
  void journalThatKeepsLogFilesElsewhere() throws Exception {
    String outside = place.outside().resolve("other").toString();
    for (String field : List.of("logDirectories", "kept", "keepIn")) {
      place.reset();
      place.openSwitch();
      ObjectNode journal = (ObjectNode) JSON.readTree(place.journal().toFile());
      ObjectNode leaving = journal.putObject("leaving");
      leaving.putArray("logDirectories").add("");
      leaving.putArray("kept").add("log.0000000001");
      leaving.put("keepIn", ".bdb-standby/former-1");
      if (field.equals("keepIn")) {
        leaving.put(field, outside);
      } else {
        leaving.withArray(field).add(outside);
      }
      JSON.writeValue(place.journal().toFile(), journal);
      refused("sync", "damaged");
      refused("failover", "damaged");
    }
  }

  @Test
  void journalWithoutItsFields() throws Exception {
    for (String text : List.of("null", "{}", "{\"phase\":\"moving\"}")) {
      Files.writeString(place.journal(), text);
      refused("sync", "damaged");
      refused("failover", "damaged");
    }
  }

  @Test
  void fifos() throws Exception {
    Path log = Named.logs(place.home()).get(0);
    List<Path> files = new ArrayList<>(List.of(log, place.home().resolve("log.0000000099")));
    files.add(place.home().resolve("DB_CONFIG"));
    files.add(place.home().resolve("__db.001"));
    files.add(place.standby().resolve("log.0000000099"));
    files.add(Named.databases(place.standby()).get(0));
    for (String mark : List.of("manifest.json", "journal.json", "lock", "page-slot")) {
      files.add(place.marks().resolve(mark));
    }
    for (String mark : List.of("last-error.json", ".manifest.json.bdb-standby-tmp", "incoming")) {
      files.add(place.marks().resolve(mark));
    }
    for (Path file : files) {
      for (String command : ALL) {
        place.reset();
        Damage.fifo(file);
        place.run(commands, command);
      }
    }
  }

  @Test
  void linksOutOfTheStandby() throws Exception {
    Path other = place.outside().resolve("other");
    List<Path> links = new ArrayList<>(Named.logs(place.standby()).subList(0, 1));
    links.addAll(Named.databases(place.standby()).subList(0, 1));
    links.add(place.standby().resolve("DB_CONFIG"));
    links.add(place.marks().resolve("incoming"));
    links.add(place.marks().resolve("lock"));
    links.add(place.marks().resolve("page-slot"));
    links.add(place.marks().resolve(".manifest.json.bdb-standby-tmp"));
    for (Path link : links) {
      for (String command : WRITING) {
        place.reset();
        Damage.link(link, other.resolve(link.getFileName()));
        refused(command, "damaged");
      }
    }
    place.reset();
    Files.move(place.marks(), place.outside().resolve("marks"));
    Damage.link(place.marks(), place.outside().resolve("marks"));
    for (String command : WRITING) {
      refused(command, "damaged");
    }
  }

  /** Before anything of what was cut off is done. */
  @Test
  void linksOutOfAStandbyWhoseSwitchIsOpen() throws Exception {
    Path log = Named.logs(place.standby()).get(0);
    for (String command : WRITING) {
      place.reset();
      place.openSwitch();
      Damage.link(log, place.outside().resolve("other").resolve(log.getFileName()));
      refused(command, "damaged");
      assertThat(place.marks().resolve("image")).exists();
    }
  }

  /** Its links are its owner's, but for those in what is ours. */
  @Test
  void linksOutOfOneThatWasFailedOver() throws Exception {
    assertThat(place.run(commands, "failover").code()).isZero();
    Damage.link(place.standby().resolve("notes"), place.outside().resolve("victim"));
    assertThat(place.run(commands, "recover").code()).isZero();
    for (String mark : List.of("lock", "page-slot")) {
      Path link = place.marks().resolve(mark);
      Damage.link(link, place.outside().resolve("nothing"));
      refused("recover", "damaged");
      Files.delete(link);
    }
  }

  /** One that is called by a link is looked through all the same. */
  @Test
  void whatIsWrongBehindALinkToTheDirectory() throws Exception {
    Path link = temp.resolve("link");
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, place.standby());
    Path database = Named.databases(place.standby()).get(0);
    Damage.link(database, place.outside().resolve("other").resolve(database.getFileName()));
    Map<String, String> outside = Tree.of(place.outside());
    for (String command : List.of("sync", "verify", "failover")) {
      refusedDamaged(
          commands.run(command, "--standby", link),
          link.resolve(database.getFileName()).toString());
    }
    assertThat(Tree.of(place.outside())).isEqualTo(outside);
    place.reset();
    Damage.fifo(place.standby().resolve("apart-queue-0.db"));
    refusedDamaged(commands.run("list", "--home", link, "--databases"), "a FIFO or a device");
    refusedDamaged(commands.run("recover", "--home", link), "a FIFO or a device");
  }

  private static void refusedDamaged(Outcome outcome, String message) {
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(3);
    assertThat(outcome.json().path("reason").asText()).as("%s", outcome).isEqualTo("damaged");
    assertThat(outcome.json().path("message").asText()).contains(message);
  }

  @Test
  void directoriesInDbConfigThatAreOutside() throws Exception {
    for (String directory : List.of("../outside/other", place.outside().resolve("other") + "")) {
      Files.writeString(place.standby().resolve("DB_CONFIG"), "add_data_dir " + directory + "\n");
      for (String command : List.of("sync", "verify", "failover")) {
        refused(command, "damaged");
      }
    }
  }

  @Test
  void extentWithANumberThatNoneHas() throws Exception {
    Files.writeString(place.home().resolve("__dbq.x." + "9".repeat(30)), "no extent");
    for (String command : Stream.of("snapshot", "sync").toList()) {
      assertThat(place.run(commands, command).code()).isZero();
    }
  }
}
