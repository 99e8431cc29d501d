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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sorts what lies in a home, for {@link EnvironmentFiles}. For one thread. */
final class EnvironmentWalk {
  /** Fewer are soon read one after the other. */
  private static final int MANY = 256;

  /** By a name as {@link FileNames} has it: a line's end is a character like any other. */
  private static final Pattern EXTENT =
      Pattern.compile("__dbq\\.(.+)\\.(\\d{1,10})", Pattern.DOTALL);

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

  EnvironmentWalk(Path home, Path logDirectory, Set<Path> excluded) {
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
        || (directory.equals(home) && entry.getFileName().toString().equals(EnvironmentFiles.OURS));
  }

  private boolean isLibdbs(Path directory, Path entry) {
    String name = entry.getFileName().toString();
    if (directory.equals(home) && EnvironmentFiles.isRegion(name)) {
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
    return size == 0 && EnvironmentFiles.isPassing(relative.getFileName().toString());
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

  private static Matcher extent(Path file) {
    return EXTENT.matcher(FileNames.toName(file.getFileName()));
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
