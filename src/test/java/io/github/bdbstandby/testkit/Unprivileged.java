package io.github.bdbstandby.testkit;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Root without its capabilities: to the kernel a user like any other, who owns root's files. */
public final class Unprivileged {
  /** A user who owns nothing, and the group of that number. */
  public static final int SOMEBODY_ELSE = 23456;

  private static final List<String> PREFIX =
      List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all");

  private Unprivileged() {}

  /** What a command begins with to be run so. Skips the test where that can't be done. */
  public static List<String> prefix() throws IOException, InterruptedException {
    assumeThat(System.getProperty("user.name")).as("giving files away").isEqualTo("root");
    assume("dropping capabilities", PREFIX, "true");
    return PREFIX;
  }

  private static void assume(String what, List<String> prefix, String... probe)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(probe));
    try (Child child = Child.start(new ProcessBuilder(words))) {
      assumeThat(child.await().code()).as(what).isZero();
    }
  }

  /** The same, in the other user's group as well. */
  public static List<String> inGroup() throws IOException, InterruptedException {
    List<String> prefix = new ArrayList<>(prefix());
    prefix.add("--groups=" + SOMEBODY_ELSE);
    return prefix;
  }

  /** What a command of the other user begins with. Skips the test where that one gets nowhere. */
  public static List<String> somebodyElse(String umask, Path place)
      throws IOException, InterruptedException {
    prefix();
    List<String> other = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\""));
    other.addAll(List.of("sh", "setpriv", "--clear-groups"));
    other.addAll(List.of("--reuid=" + SOMEBODY_ELSE, "--regid=" + SOMEBODY_ELSE));
    assume("another user's way to " + place, other, "test", "-x", place.toString());
    return other;
  }

  /**
   * The other user with the right to read everything, as systemd gives it to a backup's service.
   */
  public static List<String> reader() throws IOException, InterruptedException {
    prefix();
    List<String> reader = new ArrayList<>(List.of("setpriv", "--clear-groups"));
    reader.addAll(List.of("--reuid=" + SOMEBODY_ELSE, "--regid=" + SOMEBODY_ELSE));
    reader.addAll(
        List.of("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"));
    assume("keeping a capability", reader, "true");
    return reader;
  }

  /** Gives it back to root. */
  public static void takeBack(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", 0);
    Files.setAttribute(file, "unix:gid", 0);
  }

  /** Gives a file or directory to another user, who lets nobody else in. */
  public static void giveAway(Path file) throws IOException {
    Files.setAttribute(file, "unix:uid", SOMEBODY_ELSE);
    Files.setAttribute(file, "unix:gid", SOMEBODY_ELSE);
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
  }
}
