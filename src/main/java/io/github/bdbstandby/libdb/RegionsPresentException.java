package io.github.bdbstandby.libdb;

import java.nio.file.Path;

/**
 * The directory has region files: an application has it open, or had and died. It is not opened
 * privately.
 */
public final class RegionsPresentException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  RegionsPresentException(Path home) {
    super(
        "the environment "
            + FileNames.shown(home)
            + " has region files (__db.001): it is open elsewhere, or was when a process died");
  }
}
