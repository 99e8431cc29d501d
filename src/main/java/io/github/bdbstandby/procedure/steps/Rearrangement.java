package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Puts databases to other places in a target. Where one is in the way of another that one goes
 * aside, under its file id, and what is to be done is written down before: whoever comes after a
 * crash ends it.
 */
public final class Rearrangement {
  private static final int MOST_BYTES = 64 << 20;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{24,40}");

  private final Target target;
  private final Path list;

  /** Of that target. */
  public Rearrangement(Target target) {
    this.target = target;
    this.list = target.aside().resolve("places");
  }

  /** What was written down is something else. */
  public static final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  /** Whether one was begun and not ended. */
  public boolean stands() {
    return Files.exists(list);
  }

  /**
   * Reads what was written down, and does nothing.
   *
   * @throws DamagedException if it is something else
   */
  public void check() throws IOException {
    if (stands()) {
      read();
    }
  }

  /** Puts the files of these ids, as far as they are there, to these places. */
  void run(Map<String, Path> places) throws IOException {
    Map<Path, String> files = withId(target, places.keySet());
    for (Map.Entry<Path, String> each : files.entrySet()) {
      Path place = target.home().resolve(places.get(each.getValue()));
      if (!each.getKey().equals(place) && Files.exists(place)) {
        DurableFiles.createDirectories(target.aside());
        DurableFiles.write(list, text(places));
        break;
      }
    }
    move(files, places);
    DurableFiles.delete(list);
  }

  /**
   * Ends one that was cut off.
   *
   * @throws DamagedException if what was written down is something else
   */
  public void finish() throws IOException {
    if (stands()) {
      Map<String, Path> places = read();
      move(withId(target, places.keySet()), places);
      DurableFiles.delete(list);
    }
  }

  private void move(Map<Path, String> files, Map<String, Path> places) throws IOException {
    for (Map.Entry<Path, String> each : files.entrySet()) {
      Path place = target.home().resolve(places.get(each.getValue()));
      if (!each.getKey().equals(place)) {
        move(each.getKey(), each.getValue(), place);
      }
    }
    putBack(places);
  }

  private void move(Path file, String id, Path place) throws IOException {
    if (Files.exists(place)) {
      DurableFiles.createDirectories(target.aside());
      DurableFiles.rename(file, target.aside().resolve(id));
    } else {
      DurableFiles.createDirectories(place.getParent());
      DurableFiles.rename(file, place);
    }
  }

  /** What lies aside, as far as it is there. */
  void putBack(Map<String, Path> places) throws IOException {
    for (Map.Entry<String, Path> each : places.entrySet()) {
      Path from = target.aside().resolve(each.getKey());
      if (Files.exists(from)) {
        Path place = target.home().resolve(each.getValue());
        DurableFiles.createDirectories(place.getParent());
        DurableFiles.rename(from, place);
      }
    }
  }

  /** A name may have any character but NUL. */
  private static byte[] text(Map<String, Path> places) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(places)
        .forEach((id, place) -> text.append(id).append('\0').append(escaped(place)).append('\0'));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String escaped(Path place) {
    return new String(FileNames.encode(FileNames.toName(place)), StandardCharsets.ISO_8859_1);
  }

  private Map<String, Path> read() throws IOException {
    String text = new String(RegularFile.read(list, MOST_BYTES), StandardCharsets.ISO_8859_1);
    String[] words = text.split("\0", -1);
    Map<String, Path> places = new HashMap<>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      Path place =
          FileNames.toPath(FileNames.decode(words[i + 1].getBytes(StandardCharsets.ISO_8859_1)))
              .normalize();
      if (!ID.matcher(words[i]).matches() || !isWithin(place)) {
        throw damaged();
      }
      places.put(words[i], place);
    }
    if (words.length % 2 == 0 || !words[words.length - 1].isEmpty()) {
      throw damaged();
    }
    return places;
  }

  private static boolean isWithin(Path place) {
    return !place.isAbsolute()
        && !place.toString().isEmpty()
        && !place.startsWith("..")
        && !place.startsWith(EnvironmentFiles.OURS);
  }

  private DamagedException damaged() {
    return new DamagedException(FileNames.shown(list) + ": no list of databases and places");
  }

  /**
   * Files of these ids, and the id of each; an encrypted one tells the beginning of its own only.
   */
  static Map<Path, String> withId(Target target, Set<String> ids) throws IOException {
    Map<Path, String> found = new TreeMap<>();
    if (!ids.isEmpty()) {
      for (DatabaseFile file : target.files().databases()) {
        if (file.extent().isEmpty()) {
          file.format()
              .map(PageFormat::fileId)
              .flatMap(shown -> ids.stream().filter(id -> id.startsWith(shown)).findFirst())
              .ifPresent(id -> found.put(file.path(), id));
        }
      }
    }
    return found;
  }
}
