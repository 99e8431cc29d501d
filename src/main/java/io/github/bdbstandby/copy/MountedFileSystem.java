package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The file system that a path lies on, as the kernel tells it.
 *
 * @param device {@code MAJOR:MINOR}
 * @param type the kernel's name of it: ext4, xfs, btrfs, tmpfs, overlay
 * @param options mount and super block options together
 */
public record MountedFileSystem(String device, String type, Set<String> options) {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /** Keeps a copy of the options. */
  public MountedFileSystem {
    options = Set.copyOf(options);
  }

  /** The file system under an existing path; symbolic links are followed. */
  public static MountedFileSystem of(Path path) throws IOException {
    MountedFileSystem mount = of(path.toRealPath(), mounts());
    return mount.type.equals("ext4") ? mount.with(ext4Options(mount.device)) : mount;
  }

  /** Whether something is mounted below a directory. */
  public static boolean anyBelow(Path directory) throws IOException {
    return any(directory, false);
  }

  /** Whether something is mounted on a directory, or below it. */
  public static boolean anyWithin(Path directory) throws IOException {
    return any(directory, true);
  }

  /** A line for each mount, a character for each byte: names are in no encoding. */
  private static List<String> mounts() throws IOException {
    return List.of(Files.readString(MOUNTS, StandardCharsets.ISO_8859_1).split("\n"));
  }

  private static boolean any(Path directory, boolean on) throws IOException {
    Path real = directory.toRealPath();
    for (String line : mounts()) {
      Path point = point(List.of(line.split(" ")));
      if (point.startsWith(real) && (on || !point.equals(real))) {
        return true;
      }
    }
    return false;
  }

  /** The last mount whose point is the longest prefix wins: later mounts hide earlier ones. */
  static MountedFileSystem of(Path realPath, List<String> mountinfo) throws IOException {
    MountedFileSystem found = null;
    int depth = -1;
    for (String line : mountinfo) {
      List<String> fields = List.of(line.split(" "));
      int dash = fields.indexOf("-");
      if (dash < 6 || fields.size() < dash + 4) {
        continue;
      }
      Path point = point(fields);
      if (realPath.startsWith(point) && point.getNameCount() >= depth) {
        depth = point.getNameCount();
        Set<String> options = new LinkedHashSet<>(List.of(fields.get(5).split(",")));
        options.addAll(List.of(fields.get(dash + 3).split(",")));
        found = new MountedFileSystem(fields.get(2), fields.get(dash + 1), options);
      }
    }
    if (found == null) {
      throw new IOException(
          FileNames.shown(realPath) + ": no mount found in " + FileNames.shown(MOUNTS));
    }
    return found;
  }

  /** A data=journal that is the file system's own default does not show among the mount options. */
  private static List<String> ext4Options(String device) throws IOException {
    Path block = Path.of("/sys/dev/block").resolve(device);
    if (!Files.exists(block)) {
      return List.of();
    }
    Path name = block.toRealPath().getFileName();
    try {
      return Files.readAllLines(Path.of("/proc/fs/ext4").resolve(name).resolve("options"));
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private MountedFileSystem with(List<String> more) {
    Set<String> all = new LinkedHashSet<>(options);
    all.addAll(more);
    return new MountedFileSystem(device, type, all);
  }

  /** Spaces and the like stand as octal escapes there: {@code \040}. */
  private static Path point(List<String> fields) {
    String field = fields.get(4);
    ByteArrayOutputStream name = new ByteArrayOutputStream(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        name.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        name.write(c);
      }
    }
    return FileNames.toPath(FileNames.decode(name.toByteArray()));
  }
}
