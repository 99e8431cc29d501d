package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

  /** Whether none is hidden: another user's are to all but root, and in a container to root. */
  static boolean seesAll() {
    try {
      Files.readSymbolicLink(Path.of("/proc/1/exe"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The first process found. This one counts if it writes there, or has regions from there mapped:
   * then an application in it has the environment open, since we only read.
   */
  static Optional<User> below(Path directory) throws IOException {
    return below(FilesBelow.of(directory));
  }

  /**
   * The same of a home that has directories elsewhere.
   *
   * @param named by its DB_CONFIG, or by the application
   */
  static Optional<User> below(Path home, List<Path> named) throws IOException {
    return below(FilesBelow.of(home, named));
  }

  /** The same of an environment; to have its DB_CONFIG open is not to use it. */
  static Optional<User> environmentAt(Path home) throws IOException {
    return below(FilesBelow.of(home).without(DbConfig.FILE));
  }

  private static Optional<User> below(FilesBelow files) throws IOException {
    Optional<User> other = othersBelow(files, process -> true);
    return other.isPresent() ? other : ownBelow(files);
  }

  /**
   * The first process found that may change what lies there: it has a file open for writing, or
   * regions mapped. Who only reads, as a backup does, is left alone.
   */
  static Optional<User> writerBelow(Path directory) throws IOException {
    return below(FilesBelow.of(directory).written());
  }

  private static Optional<User> ownBelow(FilesBelow files) throws IOException {
    return openIn(Path.of("/proc/self"), files, true).map(file -> new User(SELF, file));
  }

  /** One of the files that a process has open or mapped. */
  private static Optional<Path> openIn(Path process, FilesBelow files, boolean onlyWritten)
      throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        Optional<Path> file = link(descriptor).filter(each -> files.have(descriptor, each));
        if (file.isPresent()
            && (!onlyWritten || isWritten(process, descriptor.getFileName().toString()))) {
          return file;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    // Regions stay mapped when their descriptors are closed.
    return mappedBy(process, files);
  }

  private static Optional<Path> link(Path descriptor) {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor));
    } catch (IOException e) {
      return Optional.empty(); // closed meanwhile
    }
  }

  private static boolean isWritten(Path process, String descriptor) {
    try {
      for (String line : Files.readAllLines(process.resolve("fdinfo").resolve(descriptor))) {
        if (line.startsWith("flags:")) {
          return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & ACCESS) != 0;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** The same without our program's own processes, such as the follower of another standby. */
  static Optional<User> applicationBelow(Path directory) throws IOException {
    FilesBelow files = FilesBelow.of(directory);
    Optional<User> other = othersBelow(files, process -> !isOurProgram(process));
    return other.isPresent() ? other : ownBelow(files);
  }

  /**
   * The first process that may change what lies there, and is neither this one nor at work on it by
   * our rules: our program, or one that has the lock open, as an application that keeps a standby.
   */
  static Optional<User> strangerBelow(Path directory, Path lock) throws IOException {
    return othersBelow(
        FilesBelow.of(directory).written(),
        process -> !isOurProgram(process) && !hasOpen(process, lock));
  }

  private static boolean hasOpen(Path process, Path file) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (isSame(descriptor, file)) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      return false; // ended meanwhile
    }
  }

  private static boolean isSame(Path descriptor, Path file) {
    try {
      return Files.isSameFile(descriptor, file);
    } catch (IOException e) {
      return false; // closed meanwhile, or no file at all
    }
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
    try {
      return openIn(process, files, files.onlyWritten());
    } catch (IOException e) {
      return Optional.empty(); // ended meanwhile, or not ours to look at
    }
  }

  private static Optional<Path> mappedBy(Path process, FilesBelow files) throws IOException {
    if (files.onlyWritten() && !files.haveRegions()) {
      return Optional.empty();
    }
    String below = FileNames.toName(files.directory()) + "/";
    for (String line : Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1)) {
      int slash = line.indexOf('/');
      if (slash >= 0) {
        String name = FileNames.decode(line.substring(slash).getBytes(StandardCharsets.ISO_8859_1));
        if (name.startsWith(below)
            && !name.endsWith(" (deleted)")
            && (!files.onlyWritten() || EnvironmentFiles.isRegion(lastOf(name)))) {
          return Optional.of(FileNames.toPath(name));
        }
      }
    }
    return Optional.empty();
  }

  private static String lastOf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
