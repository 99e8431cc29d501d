package io.github.bdbstandby.bench;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** An environment in use with some inactive log files, and the three ways to have them listed. */
final class Listing implements AutoCloseable {
  private final Path home;
  private final Child application;
  private final DbEnvironment environment;

  private Listing(Path home, Child application, DbEnvironment environment) {
    this.home = home;
    this.application = application;
    this.environment = environment;
  }

  /** Makes one; a directory of that name is replaced. */
  static Listing in(Path home) throws Exception {
    FileUtils.deleteDirectory(home.toFile());
    Files.createDirectories(home.getParent());
    Writer.init(home);
    Writer.work(home, 3000);
    Child application = Writer.idle(home);
    try {
      return new Listing(
          home, application, DbEnvironment.join(home, EnvironmentOptions.defaults()));
    } catch (RuntimeException e) {
      application.close();
      throw e;
    }
  }

  /** Through the binding. */
  int bound() {
    int names = environment.inactiveLogFiles().names().size();
    if (names == 0) {
      throw new IllegalStateException("nothing was listed");
    }
    return names;
  }

  /** By libdb's own program. */
  void spawned() throws Exception {
    try (Child child =
        Child.start(new ProcessBuilder("db5.3_archive", "-a", "-h", home.toString()))) {
      Child.Ended ended = child.await();
      if (ended.code() != 0) {
        throw new IllegalStateException("db5.3_archive: " + ended);
      }
    }
  }

  /**
   * The same from C, in a process of its own.
   *
   * @return nanoseconds a call, without the process's start
   */
  double fromC(int calls) throws Exception {
    return Writer.run("archive-time", home, "--records", String.valueOf(calls))
        .path("nanos")
        .asDouble();
  }

  @Override
  public void close() throws Exception {
    environment.close();
    application.kill();
    application.close();
    FileUtils.deleteDirectory(home.toFile());
  }
}
