package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.libdb.DoubleWrite;
import io.github.bdbstandby.libdb.LostPageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The page that a recovery which was killed may have left half written. One that has no place in a
 * copied standby is remembered until another standby, or a primary, has taken its place: whatever
 * is to replace it may fail.
 */
final class TornPage {
  private final StandbyDirectory standby;

  TornPage(StandbyDirectory standby) {
    this.standby = standby;
  }

  /**
   * Makes it whole in a copy of the standby, which stays as it is.
   *
   * @throws LostPageException if one has no place
   */
  void mendIn(Path copy) throws IOException {
    DoubleWrite.repairCopy(standby.pageSlot(), standby.home(), copy);
    DoubleWrite.repairCopy(standby.lostPage(), standby.home(), copy);
  }

  /**
   * Makes it whole, if there is one.
   *
   * @throws SnapshotNeededException {@code damaged} if it has no place
   */
  void mend() throws IOException {
    try {
      repair();
    } catch (LostPageException e) {
      throw new SnapshotNeededException(Reason.DAMAGED, e.getMessage(), e);
    }
  }

  /**
   * The same where one that has no place is given up.
   *
   * @param lost is told of it
   */
  void mendOrGiveUp(Consumer<String> lost) throws IOException {
    try {
      repair();
    } catch (LostPageException e) {
      lost.accept(e.getMessage());
      DurableFiles.rename(standby.pageSlot(), standby.lostPage());
    }
  }

  private void repair() throws IOException {
    if (isGivenUp() && !Files.exists(standby.journal())) { // and was not replaced
      DoubleWrite.repair(standby.pageSlot(), standby.home()); // of a recovery that came after it
      DurableFiles.rename(standby.lostPage(), standby.pageSlot());
    }
    DoubleWrite.repair(standby.pageSlot(), standby.home());
  }

  private boolean isGivenUp() {
    return Files.exists(standby.lostPage());
  }

  /** When what it was a page of is gone, or promoted without it. */
  void forget() throws IOException {
    if (isGivenUp()) {
      DurableFiles.delete(standby.lostPage());
    }
  }
}
