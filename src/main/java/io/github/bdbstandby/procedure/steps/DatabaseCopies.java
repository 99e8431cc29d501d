package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.BadPageException;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CoordinatedCopier;
import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DatabaseFileCopier;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.StepName;
import java.io.IOException;
import java.io.InterruptedIOException;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The copies of databases made so far, by what stays the same when a file is renamed. For one
 * cycle; copies several files at once, on threads of its own that have ended when it returns.
 */
final class DatabaseCopies {
  private final Cycle cycle;
  private final Map<String, Path> places = new HashMap<>();
  private final DatabaseFileCopier copier;

  DatabaseCopies(Cycle cycle) {
    this.cycle = cycle;
    this.copier =
        new DatabaseFileCopier(
            cycle.methods(),
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

  void copy(List<DatabaseFile> files) throws IOException {
    List<DatabaseFile> largestFirst = new ArrayList<>(files);
    largestFirst.sort(Comparator.comparingLong(DatabaseFile::size).reversed());
    int threads = Math.min(files.size(), Math.max(2, Runtime.getRuntime().availableProcessors()));
    ExecutorService pool = Executors.newFixedThreadPool(threads, DatabaseCopies::worker);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (DatabaseFile file : largestFirst) {
        running.add(
            pool.submit(
                () -> {
                  copy(file);
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying databases");
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "bdb-standby-copy");
    thread.setDaemon(true);
    return thread;
  }

  private static IOException rethrow(Throwable cause) {
    if (cause instanceof IOException io) {
      return io;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new IOException(cause);
  }

  /** No thread of ours may still write when the caller cleans up. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = false;
    while (true) {
      try {
        if (pool.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(DatabaseFile file) throws IOException {
    Path place = place(file);
    Path target = cycle.target().home().resolve(place);
    Files.createDirectories(target.toAbsolutePath().getParent());
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
    CopyMethod method = cycle.methods().of(file.path());
    if (method != CopyMethod.COORDINATED) {
      return List.of(copier.copy(file, target));
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
    return coordinated.copy(nameInEnvironment(file), target);
  }

  /** As the environment opens it: without the data directory that holds it. */
  private String nameInEnvironment(DatabaseFile file) {
    return FileNames.toName(Layout.FLAT.place(file.relative(), cycle.source().dataDirectories()));
  }
}
