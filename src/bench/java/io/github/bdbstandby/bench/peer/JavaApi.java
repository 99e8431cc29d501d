package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The official Java API in a program of its own.
 *
 * @param update whether only the log is brought up to date; most of it is moved out of the source
 */
record JavaApi(boolean update, Access access) implements Peer {
  @Override
  public String name() {
    return update ? "java-api-update" : "java-api";
  }

  @Override
  public boolean altersSource() {
    return update;
  }

  @Override
  public void prepare(Path source, Path backup) throws Exception {
    Files.createDirectories(backup);
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    return Stopwatch.seconds(
        () ->
            Programs.run(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.library.path=/usr/lib/x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu",
                "-cp",
                System.getProperty("java.class.path"),
                OfficialBackup.class.getName(),
                source,
                backup,
                update ? "update" : "whole",
                access.password().orElse("")));
  }
}
