package io.github.bdbstandby.standby;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Regions in System V shared memory, which outlives its processes and the files of its home. The
 * home's first region file says in place of a region where that is ({@code REGENV_REF}); the others
 * have the keys after its own.
 */
final class SystemMemory {
  private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");
  private static final int REFERENCE_BYTES = 24;
  private static final int ID_OFFSET = 16;

  private SystemMemory() {}

  /** One as the kernel lists it. */
  private record Segment(long key, long id, long size, long creator) {
    static Segment of(String line) {
      List<String> fields = List.of(line.strip().split(" +"));
      return new Segment(
          Long.parseLong(fields.get(0)),
          Long.parseLong(fields.get(1)),
          Long.parseLong(fields.get(3)),
          Long.parseLong(fields.get(4)));
    }

    boolean follows(Segment before) {
      return key == before.key + 1 && creator == before.creator;
    }
  }

  /** Whether a home's regions are there. */
  static boolean isUsedBy(Path home) throws IOException {
    Path first = first(home);
    return Files.isRegularFile(first) && Files.size(first) == REFERENCE_BYTES;
  }

  /** Ids of a home's segments; empty if there are none, or they are not surely its own. */
  static List<Long> of(Path home) throws IOException {
    List<Long> ids = new ArrayList<>();
    if (!isUsedBy(home) || !Files.isReadable(SEGMENTS)) {
      return ids;
    }
    ByteBuffer reference =
        ByteBuffer.wrap(Files.readAllBytes(first(home))).order(ByteOrder.nativeOrder());
    List<Segment> all = new ArrayList<>();
    for (String line : Files.readAllLines(SEGMENTS)) {
      if (!line.contains("key")) {
        all.add(Segment.of(line));
      }
    }
    all.sort(Comparator.comparingLong(Segment::key));
    Segment last = null;
    for (Segment each : all) {
      boolean isFirst =
          each.id() == reference.getLong(ID_OFFSET) && each.size() == reference.getLong(0);
      if (isFirst || (last != null && each.follows(last))) {
        ids.add(each.id());
        last = each;
      }
    }
    return ids;
  }

  private static Path first(Path home) {
    return home.resolve(RegionsIdentity.FIRST_REGION);
  }
}
