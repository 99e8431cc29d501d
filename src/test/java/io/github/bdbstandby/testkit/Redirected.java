package io.github.bdbstandby.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.IntSupplier;

/** Runs a command in this JVM and hears all that it prints. */
public final class Redirected {
  private Redirected() {}

  /** Runs it; one at a time, since the streams belong to the whole JVM. */
  public static synchronized Outcome run(IntSupplier command) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream usualOut = System.out;
    PrintStream usualErr = System.err;
    // First and last these: a follower of this JVM may have something to say at any moment.
    System.setOut(new PrintStream(out, true, UTF_8));
    System.setErr(new PrintStream(err, true, UTF_8));
    try (StandardError descriptor = new StandardError()) {
      int code = command.getAsInt();
      return new Outcome(code, out.toString(UTF_8), err.toString(UTF_8), descriptor.text());
    } finally {
      System.setOut(usualOut);
      System.setErr(usualErr);
    }
  }
}
