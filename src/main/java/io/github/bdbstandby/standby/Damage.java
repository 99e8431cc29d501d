package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbAccessException;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.NoSpaceException;
import io.github.bdbstandby.libdb.OperationCancelledException;
import java.util.Set;

/** What a failure of libdb says of the files that it was to read. */
final class Damage {
  /** The machine has no more of something. */
  private static final Set<String> OF_THE_MACHINE = Set.of("ENOMEM", "EMFILE", "ENFILE", "EROFS");

  private Damage() {}

  /**
   * The damage, in a sentence.
   *
   * @throws DbException the same, where it is no word about the files: no room for a copy, no right
   *     to it, or an interrupt
   */
  static String toldBy(DbException e) {
    boolean isOther =
        e instanceof NoSpaceException
            || e instanceof DbAccessException
            || e instanceof OperationCancelledException
            || OF_THE_MACHINE.contains(e.codeName());
    if (isOther) {
      throw e;
    }
    return e.getMessage();
  }
}
