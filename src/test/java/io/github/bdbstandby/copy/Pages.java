package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Set;

/** Database files made by hand, of pages that have what every page has: LSN and number. */
final class Pages {
  private static final int BTREE = 0x053162;

  private Pages() {}

  /** A btree's meta page and pages after it, all with LSN 1/100. */
  static byte[] database(int pageSize, int pages, ByteOrder order) {
    ByteBuffer bytes = ByteBuffer.allocate(pageSize * pages).order(order);
    for (int number = 0; number < pages; number++) {
      bytes.putInt(number * pageSize, 1);
      bytes.putInt(number * pageSize + 4, 100);
      bytes.putInt(number * pageSize + 8, number);
      bytes.putInt((number + 1) * pageSize - 4, 100);
    }
    bytes.putInt(12, BTREE).putInt(20, pageSize);
    return bytes.array();
  }

  /** A directory's database of that name, as a walk finds it. */
  static DatabaseFile only(Path directory, String name) throws IOException {
    return EnvironmentFiles.in(directory, directory, Set.of()).databases().stream()
        .filter(file -> file.relative().equals(Path.of(name)))
        .findFirst()
        .orElseThrow();
  }
}
