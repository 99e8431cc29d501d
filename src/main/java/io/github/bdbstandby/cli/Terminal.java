package io.github.bdbstandby.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Whether somebody is looking; the JDK can tell it of standard input and output only. */
final class Terminal {
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  static boolean isStandardError() {
    return Native.load(null, Libc.class).isatty(STANDARD_ERROR) == 1;
  }

  private interface Libc extends Library {
    int isatty(int descriptor);
  }
}
