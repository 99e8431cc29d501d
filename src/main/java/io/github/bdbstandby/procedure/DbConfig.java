package io.github.bdbstandby.procedure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The lines of a DB_CONFIG file, as far as directories go.
 *
 * <p>libdb reads one {@code NAME VALUE} a line; {@code set_data_dir} and {@code add_data_dir} add a
 * data directory, {@code set_create_dir} and {@code set_metadata_dir} name one of them, {@code
 * set_lg_dir} is where log files are (libdb's {@code src/env/env_config.c}).
 */
public record DbConfig(List<String> lines) {
  /** The file's name in a home. */
  public static final String FILE = "DB_CONFIG";

  private static final Set<String> DATA = Set.of("set_data_dir", "add_data_dir", "db_data_dir");
  private static final Set<String> NAMED = Set.of("set_create_dir", "set_metadata_dir");
  private static final Set<String> LOG = Set.of("set_lg_dir", "db_log_dir");

  public DbConfig {
    lines = List.copyOf(lines);
  }

  /** The DB_CONFIG of a home; no lines if there is none. */
  public static DbConfig of(Path home) throws IOException {
    Path file = home.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new DbConfig(List.of());
    }
    // Latin-1 keeps every byte as it is.
    return new DbConfig(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
  }

  public byte[] bytes() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Data directories, create and metadata directories, as written. */
  public List<String> dataDirectories() {
    List<String> found = new ArrayList<>(values(DATA));
    found.addAll(values(NAMED));
    return found;
  }

  /** The last log directory named wins, as in libdb. */
  public Optional<String> logDirectory() {
    List<String> found = values(LOG);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(found.size() - 1));
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
        .forEach(directory -> all.add("add_data_dir " + directory));
    if (log.isPresent() && logDirectory().isEmpty()) {
      all.add("set_lg_dir " + log.get());
    }
    return new DbConfig(all);
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
   * For a standby: recovery there must not remove log files that the next cycle needs. {@code
   * DB_LOG_AUTO_REMOVE}, by either of its names, comes back when the standby is promoted.
   */
  public DbConfig withoutAutoRemove() {
    return new DbConfig(
        lines.stream()
            .filter(
                line -> !line.contains("DB_LOG_AUTO_REMOVE") && !line.contains("DB_LOG_AUTOREMOVE"))
            .toList());
  }

  private List<String> values(Set<String> names) {
    return lines.stream()
        .filter(line -> names.contains(name(line)))
        .map(line -> line.strip().substring(name(line).length()).strip())
        .toList();
  }

  private static String name(String line) {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return text.substring(0, end).toLowerCase(Locale.ROOT);
  }
}
