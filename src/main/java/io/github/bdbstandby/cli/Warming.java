package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.jna.Native;
import org.slf4j.LoggerFactory;

/**
 * What every command needs soon, begun beside the parsing of its words: logging, JNA, JSON. Whoever
 * needs one of them earlier waits for it by the JVM's own class initialisation.
 */
final class Warming {
  private Warming() {}

  static void begin() {
    start(() -> LoggerFactory.getLogger(Warming.class));
    start(() -> Native.toByteArray(""));
    start(ObjectMapper::new);
  }

  private static void start(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | LinkageError e) {
                // The command meets it again, and says it.
              }
            },
            "bdb-standby-warming");
    thread.setDaemon(true);
    thread.start();
  }
}
