package io.github.bdbstandby.libdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

final class Crc32cAlgebraTest {
  private static final int LARGEST = 20_000;

  record Edit(int offset, List<Byte> bytes) {}

  @Provide
  Arbitrary<Edit> edits() {
    return Combinators.combine(
            Arbitraries.integers().between(0, LARGEST),
            Arbitraries.bytes().list().ofMinSize(1).ofMaxSize(600))
        .as(Edit::new);
  }

  /** Edits overlap, and go beyond the end, with holes. */
  @Property
  void followsEdits(
      @ForAll @Size(max = 3000) byte[] file,
      @ForAll @Size(max = 8) List<@From("edits") Edit> edits) {
    byte[] now = file;
    int difference = 0;
    FileChange change = new FileChange(file.length, 0);
    for (Edit edit : edits) {
      byte[] changed = new byte[edit.bytes().size()];
      byte[] next = Arrays.copyOf(now, Math.max(now.length, edit.offset() + changed.length));
      for (int i = 0; i < changed.length; i++) {
        byte written = edit.bytes().get(i);
        changed[i] = (byte) (next[edit.offset() + i] ^ written);
        next[edit.offset() + i] = written;
      }
      difference ^= difference(changed, edit.offset());
      change.add(changed, changed.length, edit.offset());
      now = next;
    }
    assertThat(Crc32cAlgebra.after(sum(file), file.length, difference, now.length))
        .isEqualTo(sum(now));
    assertThat(change.sumAfter(Integer.toUnsignedLong(sum(file)), now.length))
        .hasValue(Integer.toUnsignedLong(sum(now)));
  }

  /** Where a page lies in a file that is larger than what an int can tell. */
  @Property(tries = 50)
  void knowsLargeFiles(@ForAll @Size(min = 512, max = 512) byte[] page) {
    long far = 3L << 40;
    int there = difference(page, far);
    int atEnd = Crc32cAlgebra.after(0, 0, there, far + page.length);
    int empty = Crc32cAlgebra.after(0, 0, 0, far + page.length);
    int small = Crc32cAlgebra.after(0, 0, difference(page, 0), 512);
    int zeros = Crc32cAlgebra.after(0, 0, 0, 512);
    assertThat(atEnd ^ empty).isEqualTo(small ^ zeros);
  }

  private static int difference(byte[] changed, long offset) {
    return Crc32cAlgebra.difference(sum(changed), changed.length, offset + changed.length);
  }

  private static int sum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
