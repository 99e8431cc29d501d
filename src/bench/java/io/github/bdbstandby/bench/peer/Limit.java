package io.github.bdbstandby.bench.peer;

import com.sun.nio.file.ExtendedOpenOption;
import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Stopwatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The least that anybody must do: move these bytes from the device to the device. Read and written
 * past the kernel's cache in large blocks, several at a time, and made durable.
 *
 * @param needed the log to move
 * @param databases whether they are moved, too
 */
record Limit(NeededLog needed, boolean databases) implements Peer {
  private static final int BLOCK = 4 << 20;
  private static final int ALIGNMENT = 4096;
  private static final int THREADS = 4;

  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(BLOCK + ALIGNMENT).alignedSlice(ALIGNMENT));

  @Override
  public String name() {
    return "limit";
  }

  @Override
  public boolean makesEnvironment() {
    return false;
  }

  @Override
  public void prepare(Path source, Path backup) throws IOException {
    Homes.delete(backup);
    Files.createDirectories(backup);
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    List<Path> files = new ArrayList<>(needed.files(source));
    if (databases) {
      files.addAll(Homes.databases(source));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      return Stopwatch.seconds(() -> move(files, backup, threads));
    } finally {
      threads.shutdown();
    }
  }

  private static void move(List<Path> files, Path backup, ExecutorService threads)
      throws Exception {
    List<Moving> moving = new ArrayList<>();
    try {
      List<Callable<Void>> blocks = new ArrayList<>();
      for (Path file : files) {
        Moving one = Moving.begin(file, backup.resolve(file.getFileName()));
        moving.add(one);
        for (long at = 0; at < one.size(); at += BLOCK) {
          long start = at;
          blocks.add(() -> one.block(start));
        }
      }
      await(threads, blocks);
      await(threads, moving.stream().map(one -> (Callable<Void>) one::end).toList());
    } finally {
      for (Moving one : moving) {
        one.close();
      }
    }
  }

  private static void await(ExecutorService threads, List<Callable<Void>> work) throws Exception {
    for (Future<Void> done : threads.invokeAll(work)) {
      done.get();
    }
  }

  /** One file on its way. */
  private record Moving(long size, FileChannel in, FileChannel out) implements AutoCloseable {
    static Moving begin(Path from, Path to) throws IOException {
      long size = Files.size(from);
      try (RandomAccessFile target = new RandomAccessFile(to.toFile(), "rw")) {
        target.setLength(aligned(size));
      }
      return new Moving(
          size,
          FileChannel.open(from, StandardOpenOption.READ, ExtendedOpenOption.DIRECT),
          FileChannel.open(to, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
    }

    private static long aligned(long size) {
      return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    Void block(long start) throws IOException {
      ByteBuffer buffer = BUFFER.get().clear().limit(BLOCK);
      int length = (int) Math.min(BLOCK, size - start);
      for (int got = 0; got < length; ) {
        int more = in.read(buffer.position(got), start + got);
        if (more <= 0) {
          throw new IOException("the file ends at " + (start + got));
        }
        got += more;
      }
      buffer.position(0).limit((int) aligned(length));
      for (int put = 0; buffer.hasRemaining(); ) {
        put += out.write(buffer, start + put);
      }
      return null;
    }

    Void end() throws IOException {
      out.truncate(size).force(true);
      return null;
    }

    @Override
    public void close() throws IOException {
      in.close();
      out.close();
    }
  }
}
