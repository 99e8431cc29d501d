package io.github.bdbstandby.libdb;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads the bodies of log records, laid out as libdb's {@code src/dbinc_auto/*_auto.h} say: fields
 * without padding, a DBT as its size and its bytes. Numbers are in the order of the machine, which
 * is also the log's unless it came from another one.
 */
final class LogRecords {

  private static final int OPCODE_MASK = 0xF;

  private static final int AES_BLOCK = 16;

  private LogRecords() {}

  /** Reads one record: type, transaction, previous LSN, and the fields of its type. */
  static LogRecord read(Lsn lsn, LogRecordType type, byte[] record) {
    ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
    if (record.length < 4 * Integer.BYTES) {
      return new Other(lsn, 0, type, new byte[0]);
    }
    in.getInt();
    long transaction = Integer.toUnsignedLong(in.getInt());
    lsn(in);
    int bodyAt = in.position();
    try {
      LogRecord read = readBody(lsn, transaction, type, in);
      if (read != null && isPadding(in)) {
        return read;
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // Not the layout of today: an older log's record of the same number.
    }
    return new Other(lsn, transaction, type, Arrays.copyOfRange(record, bodyAt, record.length));
  }

  /**
   * Whether nothing is left but the zeros with which an encrypted record fills its last AES block.
   */
  private static boolean isPadding(ByteBuffer in) {
    boolean zeros = in.remaining() < AES_BLOCK;
    while (in.hasRemaining()) {
      zeros &= in.get() == 0;
    }
    return zeros;
  }

  private static LogRecord readBody(Lsn lsn, long transaction, LogRecordType type, ByteBuffer in) {
    return switch (type) {
      case DBREG_REGISTER -> registration(lsn, transaction, in);
      case FOP_CREATE -> created(lsn, transaction, in);
      case FOP_REMOVE -> removed(lsn, transaction, in);
      case FOP_FILE_REMOVE -> fileRemoved(lsn, transaction, in);
      case FOP_RENAME -> renamed(lsn, transaction, in, true);
      case FOP_RENAME_NOUNDO -> renamed(lsn, transaction, in, false);
      case TXN_CHECKPOINT -> checkpoint(lsn, in);
      case PG_ALLOC -> allocated(lsn, transaction, in);
      default -> null;
    };
  }

  private static LogRecord registration(Lsn lsn, long transaction, ByteBuffer in) {
    int opcode = in.getInt();
    byte[] name = dbt(in);
    FileId fileId = new FileId(dbt(in));
    int logFileId = in.getInt();
    long databaseType = unsigned(in);
    long metaPage = unsigned(in);
    in.getInt(); // the transaction that created the file, for databases in memory
    return new FileRegistration(
        lsn,
        transaction,
        opcode & OPCODE_MASK,
        name.length == 0 ? null : text(name),
        fileId,
        databaseType,
        metaPage,
        opcode & ~OPCODE_MASK,
        logFileId);
  }

  private static LogRecord created(Lsn lsn, long transaction, ByteBuffer in) {
    String name = text(dbt(in));
    String directory = text(dbt(in));
    int appname = in.getInt();
    in.getInt(); // mode
    return new FileCreated(lsn, transaction, name, appname, directory);
  }

  private static LogRecord removed(Lsn lsn, long transaction, ByteBuffer in) {
    String name = text(dbt(in));
    FileId fileId = new FileId(dbt(in));
    return new FileRemoved(lsn, transaction, name, fileId, in.getInt(), LogRecordType.FOP_REMOVE);
  }

  private static LogRecord fileRemoved(Lsn lsn, long transaction, ByteBuffer in) {
    FileId fileId = new FileId(dbt(in));
    dbt(in); // the id of the file that stands in for it
    String name = text(dbt(in));
    int appname = in.getInt();
    in.getInt(); // the child transaction
    return new FileRemoved(lsn, transaction, name, fileId, appname, LogRecordType.FOP_FILE_REMOVE);
  }

  private static LogRecord renamed(Lsn lsn, long transaction, ByteBuffer in, boolean undoable) {
    String oldName = text(dbt(in));
    String newName = text(dbt(in));
    String directory = text(dbt(in));
    FileId fileId = new FileId(dbt(in));
    return new FileRenamed(
        lsn, transaction, oldName, newName, fileId, directory, in.getInt(), undoable);
  }

  private static LogRecord checkpoint(Lsn lsn, ByteBuffer in) {
    Lsn checkpointLsn = lsn(in);
    Lsn previous = lsn(in);
    Instant time = Instant.ofEpochSecond(in.getInt());
    long environmentId = unsigned(in);
    in.getInt(); // spare
    return new CheckpointRecord(lsn, checkpointLsn, previous, time, environmentId);
  }

  private static LogRecord allocated(Lsn lsn, long transaction, ByteBuffer in) {
    int logFileId = in.getInt();
    lsn(in); // of the meta page
    in.getInt(); // the meta page
    lsn(in); // of the page
    long page = unsigned(in);
    long pageType = unsigned(in);
    in.getInt(); // the next free page
    return new PageAllocated(lsn, transaction, page, unsigned(in), logFileId, pageType);
  }

  private static long unsigned(ByteBuffer in) {
    return Integer.toUnsignedLong(in.getInt());
  }

  private static Lsn lsn(ByteBuffer in) {
    int file = in.getInt();
    return Lsn.ofInts(file, in.getInt());
  }

  private static byte[] dbt(ByteBuffer in) {
    int size = in.getInt();
    if (size < 0 || size > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[size];
    in.get(bytes);
    return bytes;
  }

  /** Names are logged with the NUL that ends them. */
  private static String text(byte[] bytes) {
    boolean ended = bytes.length > 0 && bytes[bytes.length - 1] == 0;
    return FileNames.decode(ended ? Arrays.copyOf(bytes, bytes.length - 1) : bytes);
  }
}
