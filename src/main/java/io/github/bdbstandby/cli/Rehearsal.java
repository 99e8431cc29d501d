package io.github.bdbstandby.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;

/**
 * Runs the commands once, on a small environment made for it, so that the JVM can see which classes
 * they need: {@code packaging/class-archive} keeps these for later starts.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /** Ends with 0 if every command went well. */
  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("bdb-standby-rehearsal");
    int code = 0;
    try {
      Path home = Files.createDirectory(work.resolve("active"));
      String standby = work.resolve("standby").toString();
      new DemoApplication(work).create(home);
      Arguments.unreadable("snapshot");
      Signals.interrupting(Thread.currentThread(), 0, TimeUnit.SECONDS).finished();
      Main.prepare("snapshot");
      code |= Main.run("snapshot", "--home", home.toString(), "--standby", standby);
      code |= Main.run("sync", "--standby", standby, "--json");
      code |= Main.run("status", "--standby", standby);
      code |= Main.run("verify", "--standby", standby);
      code |= Main.run("failover", "--standby", standby);
      code |= Main.run("--version");
    } finally {
      FileUtils.deleteDirectory(work.toFile());
    }
    System.exit(code);
  }
}
