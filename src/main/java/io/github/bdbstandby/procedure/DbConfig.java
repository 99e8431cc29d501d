package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a DB_CONFIG file, as far as directories go.
 *
 * <p>libdb reads one {@code NAME VALUE} a line; {@code set_data_dir} and {@code add_data_dir} add a
 * data directory, {@code set_create_dir} and {@code set_metadata_dir} name one of them, {@code
 * set_lg_dir} is where log files are (libdb's {@code src/env/env_config.c}). A value goes on to the
 * end of its line, blanks included.
 *
 * @param lines without their newlines, each byte of the file as a char of Latin-1
 */
public record DbConfig(List<String> lines) {
  /** The file's name in a home. */
  public static final String FILE = "DB_CONFIG";

  /** libdb reads lines of at most 256 bytes. */
  private static final int LARGEST = 1 << 20;

  private static final Set<String> DATA = Set.of("set_data_dir", "add_data_dir", "db_data_dir");
  private static final Set<String> NAMED = Set.of("set_create_dir", "set_metadata_dir");
  private static final Set<String> LOG = Set.of("set_lg_dir", "db_log_dir");
  private static final Set<String> AUTO_REMOVE = Set.of("db_log_auto_remove", "db_log_autoremove");
  private static final Set<String> LOG_FLAGS = Set.of("set_flags", "log_set_config");
  private static final String OPEN_FLAGS = "set_open_flags";

  /** Keeps a copy of the lines. */
  public DbConfig {
    lines = List.copyOf(lines);
  }

  /** The DB_CONFIG of a home; no lines if there is none. */
  public static DbConfig of(Path home) throws IOException {
    Path file = home.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new DbConfig(List.of());
    }
    return parse(new String(RegularFile.read(file, LARGEST), StandardCharsets.ISO_8859_1));
  }

  /**
   * One of that text. A carriage return ends no line in libdb.
   *
   * @param text each byte as a char of Latin-1, which keeps every one as it is
   */
  public static DbConfig parse(String text) {
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1); // ended, and no line
    }
    return new DbConfig(lines);
  }

  /** The file's bytes; each line ends with a newline. */
  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Data directories, create and metadata directories, as written; names are spelled as {@link
   * FileNames} says.
   */
  public List<String> dataDirectories() {
    List<String> found = new ArrayList<>(values(DATA));
    found.addAll(values(NAMED));
    return found;
  }

  /** As written; the last one named wins, as in libdb. Empty if none is named. */
  public Optional<String> logDirectory() {
    List<String> found = values(LOG);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
  }

  /**
   * Where an environment's log is: DB_CONFIG wins over the application's code, since libdb reads it
   * in {@code DB_ENV->open}, after the code's {@code set_lg_dir}. Empty for the home.
   *
   * @param options what the application sets in code
   */
  public Optional<String> logDirectory(EnvironmentOptions options) {
    return logDirectory().or(options::logDirectory);
  }

  /**
   * The same as a path.
   *
   * @param home the environment's
   * @throws IOException if its DB_CONFIG can't be read
   */
  public static Path logDirectory(Path home, EnvironmentOptions options) throws IOException {
    return of(home).logDirectory(options).map(FileNames::toPath).map(home::resolve).orElse(home);
  }

  /**
   * For a home whose directories the application set in code: any libdb program must find them.
   *
   * @param data data directories that are not in this file yet are added
   * @param log the log directory, likewise
   */
  public DbConfig with(List<String> data, Optional<String> log) {
    List<String> all = new ArrayList<>(lines);
    List<String> present = values(DATA);
    data.stream()
        .filter(directory -> !present.contains(directory))
        .forEach(directory -> all.add(line("add_data_dir", directory)));
    if (log.isPresent() && logDirectory().isEmpty()) {
      all.add(line("set_lg_dir", log.get()));
    }
    return new DbConfig(all);
  }

  private static String line(String name, String directory) {
    if (directory.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          FileNames.escaped(directory) + ": DB_CONFIG can't name a directory with a newline");
    }
    return name + " " + new String(FileNames.encode(directory), StandardCharsets.ISO_8859_1);
  }

  /**
   * For a home whose log is in a directory of its own choice, whatever these lines and the
   * application's code say: DB_CONFIG wins over the latter.
   *
   * @param directory relative to the home; empty for the home itself
   */
  public DbConfig withLogIn(Path directory) {
    if (isLogIn(directory)) {
      return this;
    }
    List<String> all =
        new ArrayList<>(lines.stream().filter(line -> !LOG.contains(name(line))).toList());
    String name = FileNames.toName(directory);
    all.add(line("set_lg_dir", name.isEmpty() ? "." : name));
    return new DbConfig(all);
  }

  /** Whether they name that directory for the log, or none and it is the home. */
  public boolean isLogIn(Path directory) {
    return FileNames.toPath(logDirectory().orElse("")).normalize().equals(directory.normalize());
  }

  /** For the flat layout: no directories at all. */
  public DbConfig withoutDirectories() {
    return new DbConfig(
        lines.stream()
            .filter(
                line -> {
                  String name = name(line);
                  return !DATA.contains(name) && !NAMED.contains(name) && !LOG.contains(name);
                })
            .toList());
  }

  /**
   * For a standby: recovery there must not remove log files that the next cycle needs, nor be
   * opened with flags that go with no private environment. {@code DB_LOG_AUTO_REMOVE}, by either of
   * its names, and {@code set_open_flags} come back when the standby is promoted.
   */
  public DbConfig forStandby() {
    return new DbConfig(
        withoutOpenFlags().lines.stream()
            .filter(
                line -> {
                  List<String> words = words(line);
                  return words.size() < 2
                      || !LOG_FLAGS.contains(words.get(0))
                      || !AUTO_REMOVE.contains(words.get(1));
                })
            .toList());
  }

  /** Without flags that libdb adds to those of {@code DB_ENV->open}. */
  public DbConfig withoutOpenFlags() {
    return new DbConfig(
        lines.stream().filter(line -> !words(line).get(0).equals(OPEN_FLAGS)).toList());
  }

  /** The flags that libdb adds to those of {@code DB_ENV->open}, in lower case. */
  public Set<String> openFlags() {
    Set<String> flags = new LinkedHashSet<>();
    for (String line : lines) {
      List<String> words = words(line);
      if (words.get(0).equals(OPEN_FLAGS) && words.size() > 1) {
        if (words.size() > 2 && words.get(2).equals("off")) {
          flags.remove(words.get(1));
        } else {
          flags.add(words.get(1));
        }
      }
    }
    return flags;
  }

  /** libdb compares these without case, but for the names that have one value; at least one. */
  private static List<String> words(String line) {
    return List.of(text(line).toLowerCase(Locale.ROOT).split("[ \t]+"));
  }

  private List<String> values(Set<String> names) {
    return lines.stream()
        .filter(line -> names.contains(name(line)))
        .map(DbConfig::value)
        .map(value -> FileNames.decode(value.getBytes(StandardCharsets.ISO_8859_1)))
        .toList();
  }

  /** Up to the end of the line, blanks there and in it included. */
  private static String value(String line) {
    String text = text(line);
    int begin = name(line).length();
    while (begin < text.length() && isBlank(text.charAt(begin))) {
      begin++;
    }
    return text.substring(begin);
  }

  private static String name(String line) {
    String text = text(line);
    int end = 0;
    while (end < text.length() && !isBlank(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end);
  }

  /** Without C's {@code isspace} before it, and a carriage return at its end. */
  private static String text(String line) {
    int begin = 0;
    while (begin < line.length() && " \t\u000B\f\r".indexOf(line.charAt(begin)) >= 0) {
      begin++;
    }
    return line.substring(
        begin, Math.max(begin, line.endsWith("\r") ? line.length() - 1 : line.length()));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
