package io.github.bdbstandby.faults;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Busy;
import io.github.bdbstandby.busy.LogKeeper;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.testkit.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source at work with its standby, on which faults are made one after the other. */
final class Scene implements AutoCloseable {
  private final Temporary directory;
  private final Procedure procedure;
  private final Bank bank;
  private final LogKeeper keeper;
  private final Optional<CutDisk> disk;
  private final List<String> work;
  private Books books = new Books();
  private Busy busy;
  private int touched;

  private Scene(
      Temporary directory, Procedure procedure, String environment, boolean onDisk, boolean longs)
      throws IOException {
    this.directory = directory;
    this.procedure = procedure;
    this.bank =
        Bank.make(directory.path(), environment, "--accounts", "100", "--log-size", "131072");
    this.disk =
        onDisk
            ? Optional.of(CutDisk.in(Files.createDirectory(directory.resolve("disk"))))
            : Optional.empty();
    this.work =
        new ArrayList<>(List.of("--threads", "2", "--rate", "120", "--checkpoint-ms", "150"));
    if (longs) {
      work.addAll(List.of("--long-ms", "100"));
    }
    this.keeper = LogKeeper.of(bank, directory.resolve("kept"));
    this.busy = bank.busy(work.toArray(String[]::new));
  }

  /** Makes one, with a standby that is whole. */
  static Scene make(Procedure procedure, String environment, boolean onDisk, boolean longs)
      throws IOException {
    Temporary directory = Temporary.directory();
    Scene scene = null;
    try {
      scene = new Scene(directory, procedure, environment, onDisk, longs);
      scene.books.command(scene.standby());
      Cli.run(Command.FIRST.words(scene, scene.standby())).good();
      scene.books.note(scene.standby());
      return scene;
    } catch (IOException | RuntimeException | AssertionError e) {
      if (scene == null) {
        directory.close();
      } else {
        scene.close();
      }
      throw e;
    }
  }

  Procedure procedure() {
    return procedure;
  }

  boolean isArchiving() {
    return procedure == Procedure.LONG;
  }

  Bank bank() {
    return bank;
  }

  LogKeeper keeper() {
    return keeper;
  }

  CutDisk disk() {
    return disk.orElseThrow();
  }

  boolean isOnDisk() {
    return disk.isPresent();
  }

  Books books() {
    return books;
  }

  Busy busy() {
    return busy;
  }

  Path home() {
    return bank.home();
  }

  private Path side() {
    return disk.map(CutDisk::point).orElse(directory.path());
  }

  Path standby() {
    return side().resolve("standby");
  }

  Path archive() {
    return side().resolve("archive");
  }

  /** A new name beside the source, on the machine's own disk. */
  Path scratch(String name) {
    return directory.resolve(name);
  }

  /** What a fault has left, to be looked at again and again. */
  Path left() {
    return scratch("left");
  }

  /** Where a copy of the standby goes that is to be struck itself. */
  Path twin() {
    return side().resolve("twin");
  }

  /** What the library watches. */
  String watched(Path subject) throws IOException {
    String watched = "standby=" + subject + ":archive=" + archive();
    return isArchiving() ? watched + ":source=" + logDirectory() : watched;
  }

  private Path logDirectory() throws IOException {
    return bank.logs().stream().findFirst().orElseThrow().getParent();
  }

  /**
   * Makes ready for a command.
   *
   * @return the directory that it works on
   */
  Path prepare(Command command) throws IOException {
    // One of the application's own files has changed since the last cycle.
    Files.writeString(home().resolve("notes.txt"), "number " + ++touched);
    return switch (command) {
      case FIRST -> {
        remove(standby());
        settle();
        books = new Books();
        yield standby();
      }
      case FAILOVER -> {
        copy(standby(), twin());
        settle();
        yield twin();
      }
      case OVER, SYNC, FOLLOW -> standby();
    };
  }

  /** Makes durable what the harness has done itself: that is not to be lost by a power cut. */
  private void settle() {
    disk.ifPresent(there -> Run.of("sync", "-f", there.point().toString()).good());
  }

  /** Copies a directory as it lies there. */
  static void copy(Path from, Path to) throws IOException {
    remove(to);
    Run.of("cp", "-a", from.toString(), to.toString()).good();
  }

  static void remove(Path tree) throws IOException {
    if (Files.exists(tree)) {
      Tree.delete(tree);
    }
  }

  /** Kills the source's writer, and starts it anew as an operator would. */
  void restartWriter(long pauseMillis) throws IOException {
    busy.kill();
    busy.close();
    Busy.pause(pauseMillis);
    List<String> again = new ArrayList<>(work);
    again.add("--recover");
    busy = bank.busy(again.toArray(String[]::new));
  }

  @Override
  public void close() throws IOException {
    keeper.close();
    busy.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
    directory.close();
  }
}
