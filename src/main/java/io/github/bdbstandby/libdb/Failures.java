package io.github.bdbstandby.libdb;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the exception of a failed call: called by the shim's {@code call_end} only, and by those
 * who check what libdb does not. libdb returns the same code for different things, so that its
 * messages' numbers, which are part of its catalogue, decide first.
 */
final class Failures {

  private interface Maker {
    DbException make(int code, String operation, List<String> messages);
  }

  /**
   * {@code __env_panic}: the code that follows it in the text is the cause of a {@code
   * DB_RUNRECOVERY}.
   */
  private static final String PANIC = "BDB0061 PANIC: ";

  // src/crypto/crypto.c, __crypto_region_init, __crypto_decrypt_meta and __crypto_set_passwd.
  private static final Set<String> PASSWORD =
      Set.of(
          "BDB0172", "BDB0174", "BDB0175", "BDB0176", "BDB0178", "BDB0179", "BDB0180", "BDB0181");

  // __db_check_lsn; __db_apprec: no first record, no last record, no checkpoint's record;
  // __log_flush, __db_check_lsn: pages newer than the log;
  // __logc_get: a log file is missing.
  private static final Set<String> SEQUENCE =
      Set.of("BDB0110", "BDB1510", "BDB1512", "BDB1513", "BDB2506", "BDB2516", "BDB2583");

  // __env_attach; __log_valid: newer than this libdb; __env_init_rec.
  private static final Set<String> VERSION = Set.of("BDB1538", "BDB1539", "BDB2531", "BDB1523");

  // A page's, a metadata page's, a log record's checksum is wrong. libdb makes a panic of the
  // first.
  private static final Set<String> DAMAGE =
      Set.of("BDB0640", "BDB0642", "BDB0684", "BDB2533", "BDB2578");

  private static final Map<String, Maker> BY_CODE =
      Map.ofEntries(
          Map.entry("DB_RUNRECOVERY", RunRecoveryException::new),
          Map.entry("DB_VERSION_MISMATCH", VersionMismatchException::new),
          Map.entry("DB_OLD_VERSION", VersionMismatchException::new),
          Map.entry("DB_VERIFY_BAD", DatabaseDamagedException::new),
          Map.entry("DB_VERIFY_FATAL", DatabaseDamagedException::new),
          Map.entry("DB_CHKSUM_FAIL", DatabaseDamagedException::new),
          Map.entry("DB_LOG_VERIFY_BAD", DatabaseDamagedException::new),
          Map.entry("DB_PAGE_NOTFOUND", DatabaseDamagedException::new),
          Map.entry("ENOSPC", NoSpaceException::new),
          Map.entry("EDQUOT", NoSpaceException::new),
          Map.entry("EACCES", DbAccessException::new),
          Map.entry("EPERM", DbAccessException::new),
          Map.entry("EROFS", DbAccessException::new),
          Map.entry("ENOENT", NoSuchFileDbException::new));

  private Failures() {}

  /** Called from native code. */
  static DbException of(
      int code, byte[] operation, byte[] home, byte[] subject, byte[][] messages) {
    StringBuilder where = new StringBuilder(FileNames.decode(operation));
    if (subject != null) {
      where
          .append(' ')
          .append(FileNames.escaped(FileNames.decode(subject)))
          .append(home == null ? "" : " in");
    }
    if (home != null) {
      where.append(' ').append(FileNames.escaped(FileNames.decode(home)));
    }
    return of(code, where.toString(), FileNames.decodeAll(messages));
  }

  static DbException of(int code, String operation, List<String> messages) {
    return maker(code, messages).make(code, operation, messages);
  }

  private static Maker maker(int code, List<String> messages) {
    if (says(messages, PASSWORD)) {
      return WrongPasswordException::new;
    }
    if (says(messages, VERSION)) {
      return VersionMismatchException::new;
    }
    String cause = ErrorCodes.nameOf(code);
    if (cause.equals("DB_RUNRECOVERY")) {
      if (says(messages, SEQUENCE)) {
        return LogSequenceException::new;
      }
      if (says(messages, DAMAGE)) {
        return DatabaseDamagedException::new;
      }
      cause = causeOfPanic(messages);
    } else if (code == ErrorCodes.valueOf("EINVAL") && says(messages, SEQUENCE)) {
      return LogSequenceException::new;
    }
    return BY_CODE.getOrDefault(cause, DbException::new);
  }

  /** A panic loses the code that caused it, but says its text. */
  private static String causeOfPanic(List<String> messages) {
    for (String name : List.of("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "DB_CHKSUM_FAIL")) {
      String text = ErrorCodes.text(ErrorCodes.valueOf(name));
      boolean full = name.equals("ENOSPC") || name.equals("EDQUOT");
      // A full disk is the cause wherever it is told: the panic may then be of the checkpoint that
      // could not write.
      if (messages.contains(PANIC + text)
          || (full && messages.stream().anyMatch(m -> m.endsWith(": " + text)))) {
        return name;
      }
    }
    return "DB_RUNRECOVERY";
  }

  private static boolean says(List<String> messages, Set<String> numbers) {
    return messages.stream().anyMatch(m -> m.length() >= 7 && numbers.contains(m.substring(0, 7)));
  }
}
