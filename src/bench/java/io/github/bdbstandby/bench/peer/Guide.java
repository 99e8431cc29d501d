package io.github.bdbstandby.bench.peer;

import io.github.bdbstandby.bench.arena.Homes;
import io.github.bdbstandby.bench.arena.Programs;
import io.github.bdbstandby.bench.arena.Stopwatch;
import io.github.bdbstandby.libdb.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The reference guide's procedures, word for word, by the programs that it names.
 *
 * @param whole whether the databases are copied, or only what follows is done
 * @param archiving whether it is the long procedure, which moves log files
 */
record Guide(boolean whole, boolean archiving, Access access) implements Peer {
  @Override
  public String name() {
    return archiving ? "guide-archive" : "guide-copy";
  }

  @Override
  public boolean altersSource() {
    return archiving;
  }

  @Override
  public void prepare(Path source, Path backup) throws IOException {
    Files.createDirectories(backup);
    Homes.delete(device(backup));
    Files.createDirectories(device(backup));
  }

  @Override
  public double run(Path source, Path backup) throws Exception {
    return Stopwatch.seconds(
        () -> {
          if (whole) {
            transfer("cp", source, list(source, "-s"), backup);
          }
          if (archiving) {
            transfer(
                "mv",
                backup,
                LogFile.in(backup).stream().map(log -> log.path().toString()).toList(),
                device(backup));
            transfer("mv", source, list(source), backup);
          } else {
            Homes.removeLogs(backup);
          }
          transfer("cp", source, list(source, "-l"), backup);
          List<String> recovery = new ArrayList<>(List.of("db5.3_recover", "-c"));
          recovery.addAll(access.flags());
          recovery.addAll(List.of("-h", backup.toString()));
          Programs.run(recovery);
        });
  }

  /** Where the long procedure keeps log files: another directory, as good as any device. */
  private static Path device(Path backup) {
    return backup.resolveSibling(backup.getFileName() + "-device");
  }

  private List<String> list(Path home, String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("db5.3_archive", "-h", home.toString()));
    command.addAll(access.flags());
    command.addAll(List.of(flags));
    return Programs.run(command).lines();
  }

  private static void transfer(String program, Path home, List<String> names, Path to)
      throws IOException, InterruptedException {
    if (names.isEmpty()) {
      return;
    }
    List<String> command = new ArrayList<>(List.of(program));
    names.forEach(name -> command.add(home.resolve(name).toString()));
    command.add(to.toString());
    Programs.run(command);
  }
}
