package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.BackupSink;
import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies databases through libdb's {@code DB_ENV->dbbackup}, which guards the pages being read. A
 * queue's extents come with their queue.
 *
 * <p>Only for an environment that lives and dies with this process; see {@link
 * CopyMethod#COORDINATED}. One copy at a time: libdb's guard holds one range.
 */
public final class CoordinatedCopier {
  private final DbEnvironment environment;
  private final CopyProgress progress;

  /** Copies from an environment that this process has open; it stays its owner's to close. */
  public CoordinatedCopier(DbEnvironment environment, CopyProgress progress) {
    this.environment = environment;
    this.progress = progress;
  }

  /**
   * Copies a database, with its extents beside it.
   *
   * @param name the database's name as the environment opens it
   * @param original where its file lies
   * @param target the copy
   * @return the copies made; their bytes are durable
   * @throws java.nio.file.NoSuchFileException if it was removed or renamed meanwhile
   */
  public List<CopiedFile> copy(String name, Path original, Path target) throws IOException {
    Sink sink = new Sink(original, target);
    try {
      environment.backupDatabase(name, sink);
    } catch (UncheckedIOException e) {
      Cleanup.after(e.getCause(), sink::abandon);
      throw e.getCause(); // the sink's own, carried through libdb
    } catch (RuntimeException e) {
      Cleanup.after(e, sink::abandon);
      throw e;
    }
    return List.copyOf(sink.copied);
  }

  private final class Sink implements BackupSink {
    private final Path original;
    private final Path target;
    private final List<CopiedFile> copied = new ArrayList<>();
    private SparseOutput out;
    private Path file;

    /** Of the file at hand, if it is a heap. */
    private Optional<HeapGaps> heap = Optional.empty();

    Sink(Path original, Path target) {
      this.original = original;
      this.target = target;
    }

    @Override
    public void open(String name) throws IOException {
      Path leaf = FileNames.toPath(name).getFileName();
      file = copied.isEmpty() && out == null ? target : target.resolveSibling(leaf);
      // An extent is as its queue, whose file the caller has made.
      out = file.equals(target) ? new SparseOutput(file) : SparseOutput.like(target, file);
    }

    @Override
    public void write(String name, long offset, ByteBuffer bytes) throws IOException {
      if (offset == 0 && file.equals(target)) {
        heap = HeapGaps.of(bytes);
      }
      if (heap.isPresent() && offset > out.size()) {
        progress.copied(heap.get().fill(out, original, offset));
      }
      if (offset != out.size()) {
        throw new IOException(
            FileNames.shown(file) + ": libdb skipped from " + out.size() + " to " + offset);
      }
      int length = bytes.remaining();
      out.write(bytes);
      progress.copied(length);
    }

    /** libdb does not close what it could not copy. */
    void abandon() throws IOException {
      if (out != null) {
        out.close();
      }
    }

    @Override
    public void close(String name) throws IOException {
      try (SparseOutput ended = out) {
        out = null;
        if (heap.isPresent()) {
          progress.copied(heap.get().fill(ended, original, ended.size()));
          heap = Optional.empty();
        }
        ended.finish();
        copied.add(new CopiedFile(file, ended.size(), ended.crc32c()));
      }
    }
  }
}
