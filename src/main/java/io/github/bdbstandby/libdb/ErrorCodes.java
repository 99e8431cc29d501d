package io.github.bdbstandby.libdb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of return codes, and the one form of an error's message. */
final class ErrorCodes {

  private static final List<String> KNOWN =
      List.of(
          "DB_BUFFER_SMALL",
          "DB_CHKSUM_FAIL",
          "DB_LOCK_DEADLOCK",
          "DB_LOCK_NOTGRANTED",
          "DB_LOG_BUFFER_FULL",
          "DB_LOG_VERIFY_BAD",
          "DB_NOTFOUND",
          "DB_OLD_VERSION",
          "DB_PAGE_NOTFOUND",
          "DB_REP_HANDLE_DEAD",
          "DB_REP_LOCKOUT",
          "DB_RUNRECOVERY",
          "DB_SECONDARY_BAD",
          "DB_VERIFY_BAD",
          "DB_VERIFY_FATAL",
          "DB_VERSION_MISMATCH",
          "EACCES",
          "EAGAIN",
          "EBUSY",
          "ECANCELED",
          "EDQUOT",
          "EEXIST",
          "EFAULT",
          "EFBIG",
          "EINVAL",
          "EIO",
          "EISDIR",
          "EMFILE",
          "ENFILE",
          "ENOENT",
          "ENOMEM",
          "ENOSPC",
          "ENOTDIR",
          "EPERM",
          "EROFS");

  private static final Map<Integer, String> NAMES = new HashMap<>();

  static {
    for (String name : KNOWN) {
      NAMES.put(Shim.constant(name), name);
    }
  }

  private ErrorCodes() {}

  static int valueOf(String name) {
    return Shim.constant(name);
  }

  static String nameOf(int code) {
    String name = NAMES.get(code);
    return name == null ? (code < 0 ? "libdb error " : "errno ") + code : name;
  }

  /** libdb's text for a code, which is the system's for a positive one. */
  static String text(int code) {
    return FileNames.decode(Shim.strerror(code));
  }

  static String describe(int code, String operation, List<String> messages) {
    String said = messages.isEmpty() ? text(code) : String.join("; ", messages);
    return operation + ": " + said + " (" + nameOf(code) + ")";
  }
}
