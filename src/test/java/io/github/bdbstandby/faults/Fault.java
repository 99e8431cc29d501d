package io.github.bdbstandby.faults;

import java.io.IOException;

/** One kind of fault. */
interface Fault {
  /** Its name in the report. */
  String kind();

  /**
   * Makes one, and looks at what it has left.
   *
   * @return whether there was a fault: a command may have ended before its point was reached
   * @throws AssertionError if something was lost or harmed
   */
  boolean strike(Scene scene) throws IOException, InterruptedException;

  /** What was done last: for who has to find out. */
  String last();
}
