package io.github.bdbstandby.copy;

import io.github.bdbstandby.libdb.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What the first bytes of a Berkeley DB file say about its pages. The first 64 are clear text also
 * in encrypted databases.
 *
 * <p>Layout: libdb's {@code src/dbinc/db_page.h}, {@code DBMETA} and {@code QMETA}; magic numbers:
 * {@code src/dbinc/db.in}.
 *
 * @param type access method
 * @param pageSize bytes
 * @param order byte order of the file
 * @param fileId the bytes that name the file whatever it is called, in hex: 20, or the first 12
 *     where the file is encrypted
 * @param extentPages pages in each extent of a queue, 0 if it has none or they can't be read
 */
public record PageFormat(
    Type type, int pageSize, ByteOrder order, String fileId, long extentPages) {

  /** The bytes that {@link #parse} wants. */
  public static final int HEADER_BYTES = 96;

  private static final int MAGIC_OFFSET = 12;

  /** {@code DB_RENAMEMAGIC}. */
  private static final int PLACEHOLDER = 0x030800;

  private static final int PAGE_SIZE_OFFSET = 20;
  private static final int FILE_ID_OFFSET = 52;
  private static final int FILE_ID_BYTES = 20;
  private static final int ENCRYPTION_OFFSET = 24;

  /** In an encrypted file all from byte 64 on is cipher text, and another one at each write. */
  private static final int CLEAR_BYTES = 64;

  private static final int EXTENT_PAGES_OFFSET = 92;

  /** An access method, by the magic number of its files. */
  public enum Type {
    /** B-tree, and recno, which is kept in one: {@code DB_BTREEMAGIC}. */
    BTREE(0x053162),
    /** Hash: {@code DB_HASHMAGIC}. */
    HASH(0x061561),
    /** Queue; its pages may lie in extents: {@code DB_QAMMAGIC}. */
    QUEUE(0x042253),
    /** Heap: {@code DB_HEAPMAGIC}. */
    HEAP(0x074582);

    private final int magic;

    Type(int magic) {
      this.magic = magic;
    }
  }

  /**
   * Reads the header.
   *
   * @param header the first bytes of the file, from position 0 to the limit
   * @return empty if this is no Berkeley DB database
   */
  public static Optional<PageFormat> parse(ByteBuffer header) {
    if (header.limit() < HEADER_BYTES) {
      return Optional.empty();
    }
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      ByteBuffer view = header.duplicate().order(order);
      for (Type type : Type.values()) {
        if (view.getInt(MAGIC_OFFSET) == type.magic) {
          return Optional.of(read(type, view));
        }
      }
    }
    return Optional.empty();
  }

  /** Reads that of a file; empty if it is no database. */
  public static Optional<PageFormat> of(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    RegularFile.readFirst(file, header);
    return parse(header).filter(PageFormat::hasValidPageSize);
  }

  /**
   * Whether the file holds a name and nothing else: libdb leaves one where a database is renamed or
   * removed, until the transaction ends.
   *
   * @param header as for {@link #parse}
   */
  public static boolean isPlaceholder(ByteBuffer header) {
    return header.limit() >= HEADER_BYTES
        && header.duplicate().order(ByteOrder.nativeOrder()).getInt(MAGIC_OFFSET) == PLACEHOLDER;
  }

  /**
   * Makes a file hold a name.
   *
   * @param header of the file, in this machine's byte order
   * @param id the 20 bytes of the file that it is held for
   */
  static void putPlaceholder(ByteBuffer header, byte[] id) {
    header.putInt(MAGIC_OFFSET, PLACEHOLDER).put(FILE_ID_OFFSET, id);
  }

  private static PageFormat read(Type type, ByteBuffer view) {
    boolean encrypted = view.get(ENCRYPTION_OFFSET) != 0;
    byte[] id = new byte[encrypted ? CLEAR_BYTES - FILE_ID_OFFSET : FILE_ID_BYTES];
    view.get(FILE_ID_OFFSET, id);
    return new PageFormat(
        type,
        view.getInt(PAGE_SIZE_OFFSET),
        view.order(),
        HexFormat.of().formatHex(id),
        type == Type.QUEUE && !encrypted
            ? Integer.toUnsignedLong(view.getInt(EXTENT_PAGES_OFFSET))
            : 0);
  }

  /** Whether the page size is one that libdb makes: a power of two from 512 to 65536. */
  public boolean hasValidPageSize() {
    return pageSize >= 512 && pageSize <= 65536 && Integer.bitCount(pageSize) == 1;
  }
}
