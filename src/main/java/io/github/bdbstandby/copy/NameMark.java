package io.github.bdbstandby.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A file that holds a name for a database, in the form of the placeholder that libdb leaves where
 * one is renamed: to libdb there is no database, and yet the file with that id.
 */
public final class NameMark {
  /** {@code DBMETASIZE}. */
  private static final int SIZE = 512;

  /** Where in a placeholder libdb has nothing. */
  private static final int SIGNATURE_OFFSET = 128;

  private static final byte[] SIGNATURE =
      "bdb-standby holds this name".getBytes(StandardCharsets.US_ASCII);

  private NameMark() {}

  /**
   * Makes one.
   *
   * @param id the file's, all of it, in hex
   */
  public static void put(Path file, String id) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
    PageFormat.putPlaceholder(bytes, HexFormat.of().parseHex(id));
    bytes.put(SIGNATURE_OFFSET, SIGNATURE);
    // A part of one would be taken for a database that is damaged.
    DurableFiles.write(file, bytes.array());
  }

  /** Whether a placeholder is one of these, not libdb's. */
  public static boolean isOne(Path placeholder) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE);
    try (FileChannel channel = FileChannel.open(placeholder, StandardOpenOption.READ)) {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {}
    } catch (NoSuchFileException e) {
      return false;
    }
    byte[] found =
        Arrays.copyOfRange(bytes.array(), SIGNATURE_OFFSET, SIGNATURE_OFFSET + SIGNATURE.length);
    return Arrays.equals(found, SIGNATURE);
  }
}
