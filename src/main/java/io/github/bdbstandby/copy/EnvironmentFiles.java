package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What lies in an environment's home, at any depth: found by magic number and not by scanning the
 * log, because the log names neither what nobody opened since its first file nor, in a list made by
 * {@code log_archive}, what it can't resolve.
 *
 * <p>Region files, log files, {@code lost+found} in the root of a file system and what the caller
 * excludes are left out. Symbolic links are followed: the copy holds what they lead to, under their
 * name; but for those that lead to a directory with the home in it. A walk of a live home is no
 * snapshot of its directory: a file renamed meanwhile may be seen twice or not at all, so walk
 * again after copying.
 *
 * @param databases sorted by path
 * @param others sorted by path
 * @param placeholders of databases being renamed or removed: they hold a name, and must not be
 *     taken for a file of the application or put over a database that has this name elsewhere
 * @param directories all directories below the home, relative to it, parents first
 */
public record EnvironmentFiles(
    List<DatabaseFile> databases,
    List<OtherFile> others,
    List<Path> placeholders,
    List<Path> directories) {

  /** What a standby has of ours; a primary that was one may still have it. */
  public static final String OURS = ".bdb-standby";

  /** The last are versions of pages for which the cache has no room ({@code __memp_bh_freeze}). */
  private static final Pattern REGION =
      Pattern.compile("__db\\.(\\d{3,}|register|freezer\\.\\d+\\.\\d+\\.\\d+K)");

  /**
   * Below a directory libdb forgets the prefix ({@code __db_backup_name}). What comes first is a
   * transaction's id, from {@code TXN_MINIMUM} up: so that {@code a.db} is none. What comes last is
   * a random number, and where there is no prefix none that could be an application's {@code .db}.
   */
  private static final Pattern PASSING =
      Pattern.compile(
          "(__db\\.[89a-f][0-9a-f]{7}\\.|[89a-f][0-9a-f]{7}\\.(?![a-f]{1,3}$))[0-9a-f]{1,8}");

  /** Fewer are soon read one after the other. */
  private static final int MANY = 256;

  /** By a name as {@link FileNames} has it: a line's end is a character like any other. */
  private static final Pattern EXTENT =
      Pattern.compile("__dbq\\.(.+)\\.(\\d{1,10})", Pattern.DOTALL);

  /** Keeps copies of the lists. */
  public EnvironmentFiles {
    databases = List.copyOf(databases);
    others = List.copyOf(others);
    placeholders = List.copyOf(placeholders);
    directories = List.copyOf(directories);
  }

  /** The ids of the databases; of an encrypted one the beginning, which can be read. */
  public Set<String> fileIds() {
    Set<String> ids = new HashSet<>();
    for (DatabaseFile file : databases) {
      file.format().map(PageFormat::fileId).ifPresent(ids::add);
    }
    return ids;
  }

  /**
   * Walks a home.
   *
   * @param logDirectory where the log files are: there, and in the home, they are left out
   * @param excluded files and directories to pass over
   */
  public static EnvironmentFiles in(Path home, Path logDirectory, Set<Path> excluded)
      throws IOException {
    Walk walk = new Walk(home, logDirectory, excluded);
    walk.leaveOutAbove(home.toRealPath());
    walk.directory(home);
    walk.readHeaders();
    return walk.result();
  }

  /**
   * Whether a name is that of a region file, of libdb's process registry, or of a file that its
   * cache goes on in: what describes processes at work, and is nothing without them.
   */
  public static boolean isRegion(String name) {
    return REGION.matcher(name).matches();
  }

  /** Whether a file of that name is a part of a database with partitions. */
  public static boolean isPartition(Path file) {
    Objects.requireNonNull(file, "file");
    return file.getFileName().toString().startsWith("__dbp.");
  }

  /** Whether a name is one that libdb gives to a file being made or removed. */
  public static boolean isPassing(String name) {
    return PASSING.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
  }

  /** Bytes of all databases. */
  public long databaseBytes() {
    return databases.stream().mapToLong(DatabaseFile::size).sum();
  }

  private static Matcher extent(Path file) {
    return EXTENT.matcher(FileNames.toName(file.getFileName()));
  }

  private static final class Walk {
    private final Path home;
    private final Path logDirectory;
    private final Set<Path> excluded;
    private final Set<Path> above = new HashSet<>();
    private final List<DatabaseFile> databases = new ArrayList<>();
    private final List<DatabaseFile> extents = new ArrayList<>();
    private final List<OtherFile> others = new ArrayList<>();
    private final List<Path> placeholders = new ArrayList<>();
    private final List<Path> directories = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    Walk(Path home, Path logDirectory, Set<Path> excluded) {
      this.home = home;
      this.logDirectory = logDirectory;
      this.excluded = excluded;
    }

    /** What a link leads up to is not the environment's, and may be the whole machine. */
    void leaveOutAbove(Path real) {
      for (Path each = real.getParent(); each != null; each = each.getParent()) {
        above.add(each);
      }
    }

    /** Whether it is of the environment. */
    boolean directory(Path directory) throws IOException {
      Path real = directory.toRealPath();
      if (!above.add(real)) {
        return false; // a link that leads back up
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          entry(directory, entry);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      } catch (NoSuchFileException | NotDirectoryException e) {
        // removed while we looked
      } finally {
        above.remove(real);
      }
      return true;
    }

    private void entry(Path directory, Path entry) throws IOException {
      if (excluded.contains(entry) || isLibdbs(directory, entry) || isOurs(directory, entry)) {
        return;
      }
      try {
        BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
          if (LostAndFound.is(entry)) {
            return;
          }
          if (directory(entry)) {
            directories.add(home.relativize(entry));
          }
        } else if (attributes.isRegularFile()) {
          file(entry, attributes);
        }
      } catch (NoSuchFileException e) {
        // removed while we looked, or a link to nothing
      }
    }

    private boolean isOurs(Path directory, Path entry) {
      return DurableFiles.isTemporary(entry)
          || (directory.equals(home) && entry.getFileName().toString().equals(OURS));
    }

    private boolean isLibdbs(Path directory, Path entry) {
      String name = entry.getFileName().toString();
      if (directory.equals(home) && isRegion(name)) {
        return true;
      }
      return (directory.equals(home) || directory.equals(logDirectory))
          && LogFile.numberOf(name).isPresent();
    }

    private void file(Path file, BasicFileAttributes attributes) throws IOException {
      Path relative = home.relativize(file);
      Matcher extent = extent(file);
      if (extent.matches()) {
        extents.add(
            new DatabaseFile(
                relative,
                file,
                Optional.empty(),
                OptionalLong.of(Long.parseLong(extent.group(2))),
                attributes.size(),
                String.valueOf(attributes.fileKey())));
        return;
      }
      candidates.add(new Candidate(file, attributes));
    }

    /** Many at once: what is not in memory is waited for. */
    void readHeaders() throws IOException {
      if (candidates.size() < MANY) {
        for (Candidate each : candidates) {
          each.read();
        }
      } else {
        Workers.forEach(candidates, Workers.waiting(), Candidate::read);
      }
      candidates.forEach(this::sort);
    }

    private void sort(Candidate candidate) {
      Path file = candidate.file;
      Path relative = home.relativize(file);
      BasicFileAttributes attributes = candidate.attributes;
      Optional<PageFormat> format = PageFormat.parse(candidate.header);
      if (candidate.gone || (format.isEmpty() && isBeingMade(relative, attributes.size()))) {
        return; // the log that is copied afterwards has all of it
      }
      if (format.isPresent() && format.get().hasValidPageSize()) {
        databases.add(
            new DatabaseFile(
                relative,
                file,
                format,
                OptionalLong.empty(),
                attributes.size(),
                String.valueOf(attributes.fileKey())));
      } else if (PageFormat.isPlaceholder(candidate.header)) {
        placeholders.add(file);
      } else {
        others.add(new OtherFile(relative, file, attributes.size(), attributes.lastModifiedTime()));
      }
    }

    /** A database that libdb is creating has a passing name, and no page yet. */
    private boolean isBeingMade(Path relative, long size) {
      return size == 0 && isPassing(relative.getFileName().toString());
    }

    EnvironmentFiles result() {
      Map<Path, PageFormat> queues = new HashMap<>();
      for (DatabaseFile database : databases) {
        queues.put(database.relative(), database.format().orElseThrow());
      }
      for (DatabaseFile extent : extents) {
        Matcher name = extent(extent.relative());
        if (!name.matches()) {
          throw new IllegalStateException(extent.toString());
        }
        Path queue = extent.relative().resolveSibling(FileNames.toPath(name.group(1)));
        databases.add(
            new DatabaseFile(
                extent.relative(),
                extent.path(),
                Optional.ofNullable(queues.get(queue)),
                extent.extent(),
                extent.size(),
                extent.inode()));
      }
      databases.sort(Comparator.comparing(DatabaseFile::relative));
      others.sort(Comparator.comparing(OtherFile::relative));
      directories.sort(Comparator.naturalOrder());
      return new EnvironmentFiles(databases, others, placeholders, directories);
    }
  }

  /** A file whose first bytes tell what it is. */
  private static final class Candidate {
    private final Path file;
    private final BasicFileAttributes attributes;
    private final ByteBuffer header = ByteBuffer.allocate(PageFormat.HEADER_BYTES);
    private boolean gone;

    Candidate(Path file, BasicFileAttributes attributes) {
      this.file = file;
      this.attributes = attributes;
    }

    void read() throws IOException {
      try {
        RegularFile.readFirst(file, header);
      } catch (NoSuchFileException e) {
        gone = true; // while we looked
      }
    }
  }
}
