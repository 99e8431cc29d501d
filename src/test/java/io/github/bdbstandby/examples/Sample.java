package io.github.bdbstandby.examples;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a process holds at a moment.
 *
 * @param heap kB of the Java heap, after a collection
 * @param resident kB in memory
 * @param descriptors open files
 * @param threads of the operating system, the machine's own too
 * @param direct kB of buffers outside the heap
 */
record Sample(long heap, long resident, long descriptors, long threads, long direct) {

  private static final String WORD = "sample";
  private static final long CLEANERS_MILLIS = 50;
  private static final int SAME = 2;

  /** What is free in the C library's heap goes back to the system, so that what is held shows. */
  private interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    int malloc_trim(NativeLong pad);
  }

  /** Of this process, when what is to go has gone: threads that were told to end, buffers. */
  static Sample take() throws InterruptedException {
    Sample sample = now();
    for (int same = 0; same < SAME; ) {
      Sample next = now();
      boolean less =
          next.descriptors < sample.descriptors
              || next.threads < sample.threads
              || next.direct < sample.direct;
      same = less ? 0 : same + 1;
      sample = next;
    }
    return sample;
  }

  /** After a collection. */
  private static Sample now() throws InterruptedException {
    System.gc();
    TimeUnit.MILLISECONDS.sleep(CLEANERS_MILLIS); // buffers are freed by a thread of the machine
    System.gc();
    Libc.INSTANCE.malloc_trim(new NativeLong(0));
    return new Sample(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10,
        status("VmRSS:"),
        openDescriptors(),
        status("Threads:"),
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum()
            >> 10);
  }

  private static long status(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long openDescriptors() {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As one line, for {@link #parse}. */
  String line() {
    return String.join(
        " ",
        WORD,
        String.valueOf(heap),
        String.valueOf(resident),
        String.valueOf(descriptors),
        String.valueOf(threads),
        String.valueOf(direct));
  }

  static boolean isLine(String line) {
    return line.startsWith(WORD + " ");
  }

  static Sample parse(String line) {
    long[] figures =
        Arrays.stream(line.substring(WORD.length() + 1).split(" "))
            .mapToLong(Long::parseLong)
            .toArray();
    return new Sample(figures[0], figures[1], figures[2], figures[3], figures[4]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "heap %d kB, resident %d kB, %d descriptors, %d threads, direct %d kB",
        heap,
        resident,
        descriptors,
        threads,
        direct);
  }
}
