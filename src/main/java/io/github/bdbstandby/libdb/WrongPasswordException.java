package io.github.bdbstandby.libdb;

import java.util.List;

/**
 * The password is wrong, is missing, or is given where nothing is encrypted ({@code EPERM} or
 * {@code EINVAL} in libdb).
 */
public final class WrongPasswordException extends DbException {

  private static final long serialVersionUID = 1L;

  WrongPasswordException(int code, String operation, List<String> messages) {
    super(code, operation, messages);
  }
}
