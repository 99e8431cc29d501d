package io.github.bdbstandby.examples;

import io.github.bdbstandby.libdb.ClosedEnvironmentException;
import io.github.bdbstandby.libdb.DbEnvironment;
import java.nio.file.Path;

/**
 * Opens an environment, attaches to it and closes both, again and again: now the application first,
 * now the attachment.
 */
final class AttachCyclesMain {
  private static final int SAMPLES = 30;

  private AttachCyclesMain() {}

  /** Arguments: a directory to work in, and how many times. */
  public static void main(String[] arguments) throws Exception {
    int times = Integer.parseInt(arguments[1]);
    int refused = 0;
    for (int i = 0; i < times; i++) {
      OrderBook book = new OrderBook(Path.of(arguments[0], "home"), true);
      book.place(i, 1, 1);
      DbEnvironment attached = DbEnvironment.attach(book.environment());
      attached.logStatus();
      attached.databases();
      if (i % 2 == 0) {
        attached.close();
        book.close();
      } else {
        book.close();
        try {
          attached.logStatus();
        } catch (ClosedEnvironmentException e) {
          refused++;
        }
        attached.close();
      }
      if (i % (times / SAMPLES) == 0) {
        System.out.println(Sample.take().line());
      }
    }
    System.out.println("done: " + times + " times, " + refused + " refused");
  }
}
