package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.BadPageException;
import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CoordinatedCopier;
import io.github.bdbstandby.copy.CopiedFile;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DatabaseFileCopier;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.OpenedSource;
import io.github.bdbstandby.procedure.Step;
import io.github.bdbstandby.procedure.StepName;
import io.github.bdbstandby.procedure.StepPlan;
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
 * Step 1: identify the active environment's database files and copy them.
 *
 * <p>The log files that recovery will need are determined first, then the databases are copied, and
 * then the home is walked again, until every database file found there has a copy: a file renamed
 * or created meanwhile is found that way, and its log records are among those copied afterwards. A
 * file that was renamed after it had been copied is not copied twice: recovery replays the
 * renaming, and two files with one file id would be mistaken for one another.
 */
public final class CopyDatabases implements Step {
  private static final int ROUNDS = 50;

  @Override
  public StepName name() {
    return StepName.COPY_DATABASES;
  }

  @Override
  public StepPlan plan(Cycle cycle) throws IOException {
    EnvironmentFiles files = cycle.source().files();
    List<StepPlan.PlannedFile> planned = new ArrayList<>();
    files.databases().forEach(f -> planned.add(new StepPlan.PlannedFile(f.path(), f.size())));
    files.others().forEach(f -> planned.add(new StepPlan.PlannedFile(f.path(), f.size())));
    return new StepPlan(
        name(),
        "copy "
            + files.databases().size()
            + " database files ("
            + cycle.copyMethod().word()
            + ") and "
            + files.others().size()
            + " other files",
        planned);
  }

  @Override
  public Work run(Cycle cycle) throws IOException {
    cycle.startShipping();
    cycle.copiedTo(cycle.source().flushed());
    EnvironmentFiles found = cycle.source().files();
    cycle.listener().began(name(), found.databaseBytes());
    Copies copies = new Copies(cycle);
    for (int round = 1; ; round++) {
      List<DatabaseFile> missing = copies.missing(found.databases());
      if (missing.isEmpty()) {
        break;
      }
      if (round == ROUNDS) {
        throw new IOException(
            missing.get(0).path() + ": database files are renamed faster than they can be copied");
      }
      copies.copy(missing);
      cycle.copiedTo(cycle.source().flushed());
      found = cycle.source().files();
    }
    for (Path directory : found.directories()) {
      Path place = cycle.layout().place(directory, cycle.source().dataDirectories());
      Files.createDirectories(cycle.target().home().resolve(place));
    }
    Files.createDirectories(cycle.target().logDirectory());
    copyOthers(cycle, found.others());
    DurableFiles.syncTree(cycle.target().home());
    Work work = Work.NONE;
    for (CopiedFile file : cycle.copied().values()) {
      work = work.plus(file.size());
    }
    return work;
  }

  private void copyOthers(Cycle cycle, List<OtherFile> others) throws IOException {
    for (OtherFile file : others) {
      Path place = cycle.layout().place(file.relative(), cycle.source().dataDirectories());
      Path target = cycle.target().home().resolve(place);
      if (place.equals(Path.of(DbConfig.FILE)) || cycle.copied().containsKey(place)) {
        continue;
      }
      Files.createDirectories(target.toAbsolutePath().getParent());
      try {
        CopiedFile copy =
            PlainCopier.copy(file.path(), target, bytes -> cycle.listener().copied(name(), bytes));
        Files.setLastModifiedTime(target, file.modified());
        cycle.copied().put(place, copy);
      } catch (NoSuchFileException e) {
        Files.deleteIfExists(target); // removed since it was listed
      }
    }
    byte[] config = cycle.source().promotedConfig(cycle.layout()).withoutAutoRemove().bytes();
    if (config.length > 0) {
      Path target = cycle.target().home().resolve(DbConfig.FILE);
      Files.write(target, config);
      DurableFiles.syncFile(target);
    }
  }

  /** The copies made so far, by what stays the same when a file is renamed. */
  private final class Copies {
    private final Cycle cycle;
    private final Map<String, Path> places = new HashMap<>();
    private final DatabaseFileCopier copier;

    Copies(Cycle cycle) {
      this.cycle = cycle;
      this.copier =
          new DatabaseFileCopier(
              cycle.methods(),
              this::flushed,
              cycle.limits(),
              bytes -> cycle.listener().copied(name(), bytes));
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
      ExecutorService pool = Executors.newFixedThreadPool(threads, Copies::worker);
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

    private boolean isStillThere(DatabaseFile file) throws IOException {
      try {
        BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
        return String.valueOf(now.fileKey()).equals(file.inode());
      } catch (NoSuchFileException e) {
        return false;
      }
    }

    private List<CopiedFile> copyTo(DatabaseFile file, Path target) throws IOException {
      CopyMethod method = cycle.methods().in(file.path().toAbsolutePath().getParent());
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
              source.environment(), bytes -> cycle.listener().copied(name(), bytes));
      return coordinated.copy(nameInEnvironment(file), target);
    }

    /** As the environment opens it: without the data directory that holds it. */
    private String nameInEnvironment(DatabaseFile file) {
      return FileNames.toName(Layout.FLAT.place(file.relative(), cycle.source().dataDirectories()));
    }
  }
}
