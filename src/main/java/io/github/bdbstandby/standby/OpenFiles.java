package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Which process has files below a directory open, as {@code /proc} tells. Processes of other users
 * can't be seen without their rights; then the answer is an honest "nobody that we can see".
 */
final class OpenFiles {
  private static final long SELF = ProcessHandle.current().pid();

  /** The bits of {@code open}'s flags that say reading only, by being 0. */
  private static final int ACCESS = 3;

  /** The class that the program starts with, where it is not started by its jar. */
  private static final String PROGRAM = "io.github.bdbstandby.cli.Main";

  private OpenFiles() {}

  /** A process and one of the files that it has open there. */
  record User(long pid, Path file) {
    /** Whether it is this process. */
    boolean isUs() {
      return pid == SELF;
    }
  }

  /**
   * The first process found. This one counts if it writes there, or has regions from there mapped:
   * then an application in it has the environment open, since we only read.
   */
  static Optional<User> below(Path directory) throws IOException {
    FilesBelow files = FilesBelow.of(directory);
    Optional<User> other = othersBelow(files, process -> true);
    return other.isPresent() ? other : ownBelow(files);
  }

  /**
   * The first process found that may change what lies there: it has a file open for writing, or
   * regions mapped. Who only reads, as a backup does, is left alone.
   */
  static Optional<User> writerBelow(Path directory) throws IOException {
    FilesBelow files = FilesBelow.of(directory).written();
    Optional<User> other = othersBelow(files, process -> true);
    return other.isPresent() ? other : ownBelow(files);
  }

  private static Optional<User> ownBelow(FilesBelow files) throws IOException {
    Path process = Path.of("/proc/self");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Optional<Path> file = link(descriptor).filter(each -> files.have(descriptor, each));
        if (file.isPresent() && isWritten(process, descriptor.getFileName().toString())) {
          return Optional.of(new User(SELF, file.get()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return mappedBy(process, files).map(file -> new User(SELF, file));
  }

  private static Optional<Path> link(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor));
    } catch (IOException e) {
      return Optional.empty(); // closed meanwhile
    }
  }

  private static boolean isWritten(Path process, String descriptor) throws IOException {
    try {
      for (String line : Files.readAllLines(process.resolve("fdinfo").resolve(descriptor))) {
        if (line.startsWith("flags:")) {
          return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS) != 0;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false; // closed meanwhile
    }
  }

  /** The same without our program's own processes, such as the follower of another standby. */
  static Optional<User> applicationBelow(Path directory) throws IOException {
    FilesBelow files = FilesBelow.of(directory);
    Optional<User> other = othersBelow(files, process -> !isOurProgram(process));
    return other.isPresent() ? other : ownBelow(files);
  }

  private static boolean isOurProgram(Path process) {
    try {
      String[] words =
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1).split("\0", -1);
      return Arrays.asList(words).contains(PROGRAM)
          || IntStream.range(1, words.length)
              .anyMatch(i -> words[i - 1].equals("-jar") && words[i].endsWith("/bdb-standby.jar"));
    } catch (IOException e) {
      return false;
    }
  }

  /** The first process found, other than this one. */
  static Optional<User> othersBelow(Path directory) throws IOException {
    return othersBelow(FilesBelow.of(directory), process -> true);
  }

  private static Optional<User> othersBelow(FilesBelow files, Predicate<Path> counts)
      throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        if (pid == SELF) {
          continue;
        }
        Optional<Path> file = openedBy(process, files);
        if (file.isPresent() && counts.test(process)) {
          return Optional.of(new User(pid, file.get()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return Optional.empty();
  }

  private static Optional<Path> openedBy(Path process, FilesBelow files) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Path file = Files.readSymbolicLink(descriptor);
        if (files.have(descriptor, file)
            && (!files.onlyWritten() || isWritten(process, descriptor.getFileName().toString()))) {
          return Optional.of(file);
        }
      }
      // Regions stay mapped when their descriptors are closed.
      return mappedBy(process, files);
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty(); // ended meanwhile, or not ours to look at
    }
  }

  private static Optional<Path> mappedBy(Path process, FilesBelow files) throws IOException {
    if (files.onlyWritten() && !files.haveRegions()) {
      return Optional.empty();
    }
    for (String line : Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
      int slash = line.indexOf('/');
      if (slash >= 0) {
        String name =
            new String(
                line.substring(slash).getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8);
        Path file = Path.of(name);
        if (name.startsWith(files.directory() + "/")
            && !name.endsWith(" (deleted)")
            && (!files.onlyWritten() || isRegion(file))) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isRegion(Path file) {
    return EnvironmentFiles.isRegion(file.getFileName().toString());
  }

  /**
   * What lies below a directory, but for our own, by name and by device and inode: a process in a
   * container, or one that came by another mount, has it open by a path that is not ours.
   *
   * @param onlyWritten whether to ask for those only who may write there
   */
  private record FilesBelow(
      Path directory, Set<Path> names, Set<Object> keys, boolean onlyWritten) {
    FilesBelow written() {
      return new FilesBelow(directory, names, keys, true);
    }

    boolean haveRegions() {
      return names.stream().anyMatch(OpenFiles::isRegion);
    }

    static FilesBelow of(Path directory) throws IOException {
      Path real = directory.toRealPath();
      Path ours = real.resolve(StandbyDirectory.MARKS);
      Set<Path> names = new HashSet<>();
      Set<Object> keys = new HashSet<>();
      Files.walkFileTree(
          real,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
              return each.equals(ours) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                names.add(each.getFileName());
                keys.add(attributes.fileKey());
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path each, IOException failure) {
              return FileVisitResult.CONTINUE; // gone, or not ours to see
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
      return new FilesBelow(real, names, keys, false);
    }

    /**
     * Whether an open file is one of them.
     *
     * @param descriptor in {@code /proc}
     * @param name as it stands there
     */
    boolean have(Path descriptor, Path name) {
      if (name.startsWith(directory)
          && !name.equals(directory)
          && !name.startsWith(directory.resolve(StandbyDirectory.MARKS))) {
        return true;
      }
      try {
        return name.isAbsolute()
            && names.contains(name.getFileName())
            && keys.contains(Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey());
      } catch (IOException e) {
        return false; // closed meanwhile
      }
    }
  }
}
