package io.github.bdbstandby.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What lies in a directory, by path: size and sum of each file. Equal trees hold equal bytes. */
public final class Tree {
  private static final Pattern REGION = Pattern.compile("__db\\.\\d{3,}|__db\\.register");

  private Tree() {}

  /** All of it; empty if there is no such directory. */
  public static Map<String, String> of(Path directory) throws IOException {
    Map<String, String> found = new TreeMap<>();
    if (!Files.exists(directory)) {
      return found;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        found.put(directory.relativize(each).toString(), describe(each));
      }
    }
    return found;
  }

  /** Without the regions, which change when they are joined. */
  public static Map<String, String> withoutRegions(Path directory) throws IOException {
    Map<String, String> found = of(directory);
    found.keySet().removeIf(name -> REGION.matcher(name).matches());
    return found;
  }

  /** The files of the regions in a home. */
  public static List<Path> regions(Path home) throws IOException {
    try (Stream<Path> all = Files.list(home)) {
      return all.filter(file -> REGION.matcher(file.getFileName().toString()).matches()).toList();
    }
  }

  private static String describe(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "link to " + Files.readSymbolicLink(file);
    }
    if (!Files.isRegularFile(file)) { // reading a FIFO would wait
      return Files.isDirectory(file) ? "directory" : "other";
    }
    byte[] bytes = Files.readAllBytes(file);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return bytes.length + " bytes, " + Long.toHexString(crc.getValue());
  }

  /** Copies all but the regions: what a restored backup would hold. */
  public static void copy(Path from, Path to) throws IOException {
    copy(from, to, false);
  }

  /** Copies all, as it is left when everything has died. */
  public static void copyAll(Path from, Path to) throws IOException {
    copy(from, to, true);
  }

  private static void copy(Path from, Path to, boolean regions) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        if (regions || !REGION.matcher(each.getFileName().toString()).matches()) {
          Files.copy(each, to.resolve(from.relativize(each).toString()));
        }
      }
    }
  }

  /** Removes a directory with all that is in it. */
  public static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : (Iterable<Path>) all.sorted((a, b) -> b.compareTo(a))::iterator) {
        Files.delete(each);
      }
    }
  }
}
