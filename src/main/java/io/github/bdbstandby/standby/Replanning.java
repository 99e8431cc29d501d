package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans for a standby that another run may be changing meanwhile: what fails because of that is
 * begun anew, a few times.
 */
final class Replanning {
  private static final int ATTEMPTS = 20;
  private static final long PAUSE_MILLIS = 50;
  private static final Logger LOG = LoggerFactory.getLogger(Replanning.class);

  private Replanning() {}

  /** Makes a plan. */
  @FunctionalInterface
  interface Planning<T> {
    T plan() throws IOException;
  }

  static <T> T of(StandbyDirectory standby, Planning<T> planning) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Stand before = Stand.of(standby);
      try {
        return planning.plan();
      } catch (StandbyException e) {
        // What is objected to while nothing moves is so, whoever holds the lock.
        if (attempt == ATTEMPTS || !before.isMoving(Stand.of(standby))) {
          throw e;
        }
      } catch (IOException | DbException e) {
        if (attempt == ATTEMPTS || !(before.held() || before.isMoving(Stand.of(standby)))) {
          throw e;
        }
      }
      pause();
    }
  }

  /** Looks for what is objected to. */
  @FunctionalInterface
  interface Look {
    void look() throws IOException;
  }

  /**
   * Throws what is objected to while nothing moves. What can't be seen for the other run's work is
   * left to whoever looks again when that has ended.
   */
  static void refuse(StandbyDirectory standby, Look look) throws IOException {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Stand before = Stand.of(standby);
      Optional<StandbyException> objection = Optional.empty();
      try {
        look.look();
        return;
      } catch (StandbyException e) {
        objection = Optional.of(e);
      } catch (IOException | DbException e) {
        LOG.debug("not seen beforehand", e);
      }
      if (!before.isMoving(Stand.of(standby))) {
        if (objection.isPresent()) {
          throw objection.get();
        }
        return;
      }
      pause();
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another run worked on the standby");
    }
  }

  /**
   * How a standby stands, as far as another run's work shows.
   *
   * @param held whether there is one
   * @param changing whether files of the standby are on their way
   * @param manifest which one it is
   * @param incoming log that waits, and how much of it
   */
  private record Stand(boolean held, boolean changing, String manifest, List<String> incoming) {
    static Stand of(StandbyDirectory standby) {
      return new Stand(
          isHeld(standby),
          new Journal(standby).isOpen()
              || new UnfinishedCycle(standby).stands()
              || Files.isDirectory(Target.aside(standby.incoming())),
          written(standby.manifest()),
          waiting(standby.incoming()));
    }

    boolean isMoving(Stand later) {
      return !equals(later) || (held && changing);
    }

    private static boolean isHeld(StandbyDirectory standby) {
      try {
        return StandbyLock.isHeld(standby);
      } catch (IOException e) {
        return false;
      }
    }

    private static String written(Path file) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return now.fileKey() + "@" + now.lastModifiedTime();
      } catch (IOException e) {
        return "none";
      }
    }

    private static List<String> waiting(Path incoming) {
      List<String> waiting = new ArrayList<>();
      try {
        for (LogFile log : LogFile.in(incoming)) {
          waiting.add(log.number() + ":" + log.size());
        }
      } catch (IOException e) {
        waiting.clear();
      }
      return waiting;
    }
  }
}
