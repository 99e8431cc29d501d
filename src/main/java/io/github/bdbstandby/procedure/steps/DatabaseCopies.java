package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.BadPageException;
import io.github.bdbstandby.copy.CannotCloneException;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CoordinatedCopier;
import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DatabaseFileCopier;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.copy.SmallFiles;
import io.github.bdbstandby.copy.Workers;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.StepName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The copies of databases made so far, by what stays the same when a file is renamed. For one
 * cycle; copies several files at once, on threads of its own that have ended when it returns.
 */
final class DatabaseCopies {
  private final Cycle cycle;
  private final Map<String, Path> places = new HashMap<>();
  private final Set<Path> prepared = ConcurrentHashMap.newKeySet();
  private final DatabaseFileCopier copier;
  private final SmallFiles small;

  DatabaseCopies(Cycle cycle, SmallFiles small) {
    this.cycle = cycle;
    this.small = small;
    this.copier =
        new DatabaseFileCopier(
            this::flushed,
            cycle.limits(),
            bytes -> cycle.listener().copied(StepName.COPY_DATABASES, bytes));
  }

  private Lsn flushed() {
    try {
      return cycle.source().flushed();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files without a copy. A name that another file has taken since is freed for it. */
  List<DatabaseFile> missing(List<DatabaseFile> found) {
    for (DatabaseFile file : found) {
      if (!places.containsKey(file.identity())) {
        Path place = place(file);
        // Its former owner is copied again under its new name, if it still has one.
        places.values().removeIf(place::equals);
        cycle.copied().remove(place);
      }
    }
    // Renamed while the walk went on, a file is seen under two names; one copy is enough.
    Map<String, DatabaseFile> missing = new LinkedHashMap<>();
    for (DatabaseFile file : found) {
      if (!places.containsKey(file.identity())) {
        missing.putIfAbsent(file.identity(), file);
      }
    }
    return List.copyOf(missing.values());
  }

  private Path place(DatabaseFile file) {
    return cycle.layout().place(file.relative(), cycle.source().dataDirectories());
  }

  /** The large ones bound by the device's rate and first; the small ones by its delays. */
  void copy(List<DatabaseFile> files) throws IOException {
    List<DatabaseFile> largestFirst = new ArrayList<>(files);
    largestFirst.sort(Comparator.comparingLong(DatabaseFile::size).reversed());
    int large = (int) files.stream().filter(file -> file.size() > SmallFiles.LARGEST).count();
    Workers.forEach(largestFirst.subList(0, large), Workers.busy(), this::copy);
    Workers.forEach(largestFirst.subList(large, files.size()), Workers.waiting(), this::copy);
  }

  private void copy(DatabaseFile file) throws IOException {
    Path place = place(file);
    Path target = cycle.target().home().resolve(place);
    prepare(target.toAbsolutePath().getParent());
    try {
      List<CopiedFile> copies = copyTo(file, target);
      if (isAnother(file, target)) {
        Files.delete(target); // another has taken its name: the next walk tells
        return;
      }
      synchronized (this) {
        places.put(file.identity(), place);
        for (CopiedFile copy : copies) {
          cycle.copied().put(cycle.target().home().relativize(copy.target()), copy);
        }
      }
    } catch (NoSuchFileException e) {
      Files.deleteIfExists(target); // removed or renamed: the next walk tells
    } catch (BadPageException e) {
      Cleanup.after(e, () -> Files.deleteIfExists(target));
      if (isStillThere(file)) {
        throw e;
      } // else it was being made, and was removed or renamed before that was finished
    }
  }

  private void prepare(Path directory) throws IOException {
    if (!prepared.contains(directory)) {
      Files.createDirectories(directory);
      prepared.add(directory);
    }
  }

  private static boolean isAnother(DatabaseFile file, Path copy) throws IOException {
    if (file.extent().isPresent()) {
      return false;
    }
    return !PageFormat.of(copy)
        .map(PageFormat::fileId)
        .equals(file.format().map(PageFormat::fileId));
  }

  private boolean isStillThere(DatabaseFile file) throws IOException {
    try {
      BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return String.valueOf(now.fileKey()).equals(file.inode());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private List<CopiedFile> copyTo(DatabaseFile file, Path target) throws IOException {
    try {
      return copyTo(file, cycle.methods().of(file.path()), target);
    } catch (CannotCloneException e) {
      return copyTo(file, cycle.methods().insteadOfClone(file.path(), e), target);
    }
  }

  private List<CopiedFile> copyTo(DatabaseFile file, CopyMethod method, Path target)
      throws IOException {
    if (method != CopyMethod.COORDINATED) {
      return List.of(copier.copy(file, method, target, small));
    }
    if (file.extent().isPresent()) {
      return List.of(); // comes with its queue
    }
    OpenedSource source =
        cycle
            .source()
            .opened()
            .filter(opened -> opened.sharing() != Sharing.OTHER_PROCESS)
            .orElseThrow(() -> new IllegalStateException("coordinated copy out of process"));
    CoordinatedCopier coordinated =
        new CoordinatedCopier(
            source.environment(), bytes -> cycle.listener().copied(StepName.COPY_DATABASES, bytes));
    FileModes.create(file.path(), target);
    return coordinated.copy(nameInEnvironment(file), file.path(), target);
  }

  /** As the environment opens it: without the data directory that holds it. */
  private String nameInEnvironment(DatabaseFile file) {
    return FileNames.toName(Layout.FLAT.place(file.relative(), cycle.source().dataDirectories()));
  }
}
