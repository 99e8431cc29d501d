package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * A standby that somebody has opened, as by starting the application on it without a failover:
 * whatever we did to it would be done under a running application.
 */
final class StandbyUse {
  private StandbyUse() {}

  /**
   * Looks at what processes have open.
   *
   * @throws RefusedException {@code locked} if one writes there, or has its regions mapped
   */
  static void refuse(StandbyDirectory standby) throws IOException {
    if (Files.isDirectory(standby.home())) {
      refuse(standby, OpenFiles.writerBelow(standby.home()));
    }
  }

  /**
   * The same while another run of ours may be at work there.
   *
   * @throws RefusedException {@code locked}
   */
  static void refuseStrangers(StandbyDirectory standby) throws IOException {
    refuse(standby, OpenFiles.strangerBelow(standby.home(), standby.lock()));
  }

  private static void refuse(StandbyDirectory standby, Optional<OpenFiles.User> user) {
    if (user.isPresent()) {
      throw new RefusedException(
          Reason.LOCKED,
          FileNames.shown(standby.home())
              + ": process "
              + user.get().pid()
              + " has "
              + FileNames.shown(user.get().file())
              + " open",
          "stop it first; if it is to be the primary from now on, run 'failover' then, and start it"
              + " again");
    }
  }

  /**
   * The same, by a look at one name where nobody is there: our own recovery leaves no regions.
   * Whoever has private ones is seen by the other.
   */
  static void refuseRegions(StandbyDirectory standby) throws IOException {
    if (Files.exists(standby.home().resolve(RegionsIdentity.FIRST_REGION))) {
      refuse(standby);
    }
  }
}
