package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * A libdb call failed. The message has the form {@code <call> <path>: <what libdb said> (<name of
 * the code>)}. What can be told apart has a subclass.
 */
public class DbException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int code;
  private final String operation;
  private final List<String> messages;

  /**
   * An error of libdb.
   *
   * @param code what it returned: negative for its own, positive for the system's ({@code errno})
   * @param operation the call and the path that it was about
   * @param messages what libdb said during the call; may be empty
   */
  public DbException(int code, String operation, List<String> messages) {
    super(ErrorCodes.describe(code, operation, messages));
    this.code = code;
    this.operation = operation;
    this.messages = List.copyOf(messages);
  }

  /** What libdb returned: negative for its own, positive for the system's ({@code errno}). */
  public int code() {
    return code;
  }

  /** The code's name, such as {@code DB_RUNRECOVERY} or {@code ENOSPC}. */
  public String codeName() {
    return ErrorCodes.nameOf(code);
  }

  /** The call that failed and the path that it was about. */
  public String operation() {
    return operation;
  }

  /** What libdb said during the call, in order; may be empty. */
  public List<String> messages() {
    return messages;
  }
}
