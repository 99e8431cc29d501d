package io.github.bdbstandby.busy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.standby.SourceRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An environment made by bdb-writer from one of the folders of test-envs. */
public final class Bank {
  private static final Path WRITER = Path.of(System.getProperty("bdbstandby.writer"));
  private static final Path FOLDERS = Path.of(System.getProperty("bdbstandby.testenvs"));
  private static final Set<Integer> MAGIC = Set.of(0x053162, 0x061561, 0x042253, 0x074582);
  private static final int ACKNOWLEDGEMENT = 24;
  private static final Pattern LOG = Pattern.compile("log\\.(\\d{10})");

  private final Path home;
  private final EnvironmentOptions options;
  private final Path acknowledged;
  private final boolean inCode;

  private Bank(Path home, EnvironmentOptions options, Path acknowledged) {
    this.home = home;
    this.options = options;
    this.acknowledged = acknowledged;
    this.inCode = !options.dataDirectories().isEmpty();
  }

  /** The names of all environments that a standby must be able to follow. */
  public static List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDERS)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("options")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /**
   * Makes one: {@code DIRECTORY/source}.
   *
   * @param more options of init besides the folder's
   */
  public static Bank make(Path directory, String name, String... more) throws IOException {
    Path home = Files.createDirectories(directory.resolve("source"));
    Path password = directory.resolve("password");
    Files.writeString(password, "correct horse\n");
    EnvironmentOptions.Builder options = EnvironmentOptions.builder();
    List<String> arguments = new ArrayList<>(List.of("init", "--log-size", "262144"));
    for (String line : Files.readAllLines(FOLDERS.resolve(name).resolve("options"))) {
      String[] words = line.split(" ", 2);
      arguments.add(words[0]);
      if (words.length > 1) {
        arguments.add(words[1].replace("@PASSWORD_FILE@", password.toString()));
      }
      switch (words[0]) {
        case "--data-dir" -> options.addDataDirectory(words[1]);
        case "--log-dir" -> options.logDirectory(words[1]);
        case "--password-file" ->
            options.password("correct horse".getBytes(StandardCharsets.US_ASCII));
        default -> {}
      }
    }
    arguments.addAll(List.of(more));
    Bank bank = new Bank(home, options.build(), directory.resolve("acknowledged"));
    bank.writer(arguments.toArray(String[]::new)).good();
    return bank;
  }

  public Path home() {
    return home;
  }

  public SourceRequest request() {
    return new SourceRequest(home, options);
  }

  public Optional<byte[]> password() {
    return options.password();
  }

  /** Where commits are noted once they are done. */
  public Path acknowledged() {
    return acknowledged;
  }

  /** Runs a mode of the writer on this environment. */
  public Run writer(String... arguments) {
    return writer(home, arguments);
  }

  /** Runs a mode of the writer on a copy of it. */
  public static Run writer(Path home, String... arguments) {
    return Run.of(command(home, arguments).toArray(String[]::new));
  }

  /** The command line of a mode of the writer. */
  public static List<String> command(Path home, String... arguments) {
    List<String> command = new ArrayList<>(List.of(WRITER.toString(), arguments[0]));
    command.addAll(List.of("--home", home.toString()));
    command.addAll(Arrays.asList(arguments).subList(1, arguments.length));
    return command;
  }

  /** Keeps it busy until it is closed: write-nosync, so that what was acknowledged is in files. */
  public Busy busy(String... more) {
    return busyAt(home, more);
  }

  /** The same in a copy of it, whose commits go on where its own ended. */
  public Busy busyAt(Path copy, String... more) {
    return Busy.start(this, copy, more);
  }

  /** Waits until so many more are acknowledged. */
  public void awaitCommits(Busy busy, int count) throws IOException {
    long wanted = Files.size(acknowledged) + (long) count * ACKNOWLEDGEMENT;
    while (Files.size(acknowledged) < wanted) {
      busy.assertAlive();
      Busy.pause(10);
    }
  }

  /** The environment's log files now, by number. */
  public List<Path> logs() throws IOException {
    return logsIn(home);
  }

  /** Log files at any depth below a home, but for what is ours. */
  public static List<Path> logsIn(Path home) throws IOException {
    return files(home).stream()
        .filter(file -> LOG.matcher(file.getFileName().toString()).matches())
        .sorted()
        .toList();
  }

  public static long number(Path log) {
    return Long.parseLong(log.getFileName().toString().substring(4));
  }

  /**
   * Checks a standby through a copy, so that it is not touched.
   *
   * @param before every commit acknowledged before then must be there, microseconds since 1970; 0
   *     to ask for none
   * @return databases verified
   */
  public int checkCopy(Path standby, long before) throws IOException {
    try (Temporary scratch = Temporary.directory()) {
      Path copy = scratch.resolve("copy");
      Run.of("cp", "-a", standby.toString(), copy.toString()).good();
      if (inCode) {
        // The writer looks for journals in each data directory, and has these from its options too.
        Files.delete(copy.resolve("DB_CONFIG"));
      }
      List<String> check = new ArrayList<>(List.of("check"));
      if (Files.exists(acknowledged)) {
        check.addAll(List.of("--ack", acknowledged.toString(), "--ack-before", "" + before));
      }
      writer(copy, check.toArray(String[]::new)).good();
      return verify(copy);
    }
  }

  /** db5.3_verify on every database below a home; how many there were. */
  public int verify(Path copy) throws IOException {
    List<String> command = new ArrayList<>(List.of("db5.3_verify", "-q"));
    options
        .password()
        .ifPresent(p -> command.addAll(List.of("-P", new String(p, StandardCharsets.US_ASCII))));
    List<Path> databases = databases(copy);
    databases.forEach(file -> command.add(file.toString()));
    Run.of(command.toArray(String[]::new)).good();
    assertThat(databases).isNotEmpty();
    return databases.size();
  }

  /** Files that begin as databases do; extents are their queue's. */
  public static List<Path> databases(Path home) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : files(home)) {
      if (!file.getFileName().toString().startsWith("__dbq.") && isDatabase(file)) {
        found.add(file);
      }
    }
    return found;
  }

  /** All regular files below a home, but for regions and what is ours. */
  public static List<Path> files(Path home) throws IOException {
    List<Path> found = new ArrayList<>();
    // Files.walk would end at the first file that goes while it looks.
    Files.walkFileTree(
        home,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(home.resolve(".bdb-standby"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.getFileName().toString().matches("__db\\.\\d{3}|__db\\.register")) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    Collections.sort(found);
    return found;
  }

  private static boolean isDatabase(Path file) throws IOException {
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer header = ByteBuffer.allocate(16);
      if (in.read(header) < 16) {
        return false;
      }
      int magic = header.order(ByteOrder.LITTLE_ENDIAN).getInt(12);
      return MAGIC.contains(magic) || MAGIC.contains(Integer.reverseBytes(magic));
    } catch (NoSuchFileException e) {
      return false; // removed or renamed since it was listed
    }
  }
}
