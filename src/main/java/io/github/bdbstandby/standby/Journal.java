package io.github.bdbstandby.standby;

import com.fasterxml.jackson.core.JacksonException;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.UnfitFileException;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Puts a snapshot's image, whole and recovered, in the place of what the standby held.
 *
 * <p>Many files can't be renamed at once, so the switch is journalled, and whoever comes after a
 * crash ends it. Meanwhile a DB_CONFIG that libdb refuses to read stands in the home: a libdb
 * program started in that moment says so instead of recovering half of one and half of the other.
 */
final class Journal {
  private static final String GUARD = "bdb_standby_switch_in_progress ";

  private static final String HINT = "run 'bdb-standby sync' or 'failover' to end it\n";

  /** No more than it, whichever version wrote the hint. */
  private static final int GUARD_SIZE = 200;

  /** Old files are being removed; none of the new ones has moved. */
  private static final String CLEARING = "clearing";

  /** Old files are gone; new ones are moving in. */
  private static final String MOVING = "moving";

  private final StandbyDirectory standby;

  /**
   * What is written to disk.
   *
   * @param phase clearing or moving
   * @param next the manifest to install at the end
   * @param leaving what is there now, if it is no standby of ours; null otherwise
   * @param keepIn where the standby that is there now is kept, relative to it: whoever ends this
   *     may find it elsewhere; null if it goes
   */
  record Entry(String phase, Manifest next, Leaving leaving, String keepIn) {}

  Journal(StandbyDirectory standby) {
    this.standby = standby;
  }

  /** Whether a switch was begun and not ended. */
  boolean isOpen() {
    return Files.exists(standby.journal());
  }

  /**
   * The same; it is read, and nothing is changed.
   *
   * @throws RefusedException {@code damaged} if it can't be ended
   */
  boolean check() throws IOException {
    return read().isPresent();
  }

  /** The manifest that ending it installs; empty if there is nothing to end. */
  Optional<Manifest> next() throws IOException {
    return read().map(Entry::next);
  }

  /**
   * Switches to the image, and to what was shipped beside it. What the standby held is gone, or
   * kept, when this returns.
   */
  void switchTo(Manifest next, Optional<Leaving> leaving, Optional<ReplacedStandby> replaced)
      throws IOException {
    Entry entry =
        new Entry(
            CLEARING,
            next,
            leaving.orElse(null),
            replaced
                .map(each -> FileNames.toName(standby.home().relativize(each.kept().home())))
                .orElse(null));
    write(entry);
    end(entry);
  }

  /**
   * Ends what was begun, a page's write, a file's, an exchange of names or a switch; nothing to do
   * otherwise.
   */
  void finish() throws IOException {
    new TornPage(standby).mend();
    finishSwitch();
  }

  /**
   * The same where a page that has no place in a copied standby is given up.
   *
   * @param lost is told of it
   */
  void finish(Consumer<String> lost) throws IOException {
    new TornPage(standby).mendOrGiveUp(lost);
    finishSwitch();
  }

  private void finishSwitch() throws IOException {
    Optional<Entry> open = read();
    if (open.isPresent()) {
      end(open.get());
    } else {
      rearrange();
    }
    if (open.isPresent() || new UnfinishedCycle(standby).stands()) {
      DurableFiles.sweep(
          standby.home()); // nobody else writes here, and what we were writing is left
    }
  }

  private void rearrange() throws IOException {
    Optional<Manifest> manifest =
        Files.isDirectory(Target.aside(standby.incoming()))
            ? ManifestFile.read(standby.manifest())
            : Optional.empty();
    if (manifest.isPresent()) {
      AsideGuard.finish(standby.target(manifest.get()));
    }
  }

  private void end(Entry begun) throws IOException {
    Entry entry = begun;
    if (entry.phase().equals(CLEARING)) {
      Optional<StandbyDirectory> kept =
          Optional.ofNullable(entry.keepIn())
              .map(name -> new StandbyDirectory(standby.home().resolve(FileNames.toPath(name))));
      if (kept.isPresent()) {
        ReplacedStandby.keepMarks(standby, kept.get(), !isGuarded());
      }
      if (entry.leaving() != null && !isGuarded()) {
        entry.leaving().keepConfig(standby.home());
      }
      DurableFiles.write(
          standby.home().resolve(DbConfig.FILE), (GUARD + HINT).getBytes(StandardCharsets.UTF_8));
      if (entry.leaving() != null) {
        entry.leaving().keep(standby.home());
      }
      clear(Optional.ofNullable(entry.leaving()), kept);
      entry = new Entry(MOVING, entry.next(), null, null);
      write(entry);
    }
    move();
    takeWaiting();
    ManifestFile.write(standby.manifest(), entry.next());
    new UnfinishedCycle(standby).end();
    new TornPage(standby).forget();
    DurableFiles.delete(standby.journal());
    DurableFiles.deleteTree(standby.image());
  }

  /**
   * What waits there continues the old standby; this one is continued by what was shipped beside
   * the image. Once that has its name, it is this one's.
   */
  private void takeWaiting() throws IOException {
    if (Files.exists(standby.imageLogs())) {
      DurableFiles.deleteTree(standby.incoming());
      DurableFiles.rename(standby.imageLogs(), standby.incoming());
    }
  }

  private void write(Entry entry) throws IOException {
    DurableFiles.write(standby.journal(), MarksJson.bytes(entry));
  }

  private Optional<Entry> read() throws IOException {
    try {
      Entry entry = MarksJson.read(standby.journal(), Entry.class);
      Optional<String> objection = objection(entry);
      if (objection.isPresent()) {
        throw damaged(objection.get(), null);
      }
      return Optional.of(entry);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UnfitFileException e) {
      throw damaged(e.getReason(), e);
    } catch (JacksonException e) {
      throw damaged(e.getOriginalMessage(), e);
    }
  }

  /** What it says is done to files: it must be all there, and name no place but the standby's. */
  private Optional<String> objection(Entry entry) throws IOException {
    if (entry.next() == null || !(CLEARING.equals(entry.phase()) || MOVING.equals(entry.phase()))) {
      return Optional.of("fields are missing");
    }
    Leaving leaving = entry.leaving();
    if (leaving != null && !leaving.isWhole()) {
      return Optional.of("fields are missing");
    }
    try {
      Path home = PathGuard.real(standby.home());
      Path marks = home.resolve(StandbyDirectory.MARKS);
      boolean isOurs =
          leaving == null || (isBelow(leaving.places(), home) && isBelow(leaving.keepIn(), marks));
      if (!isOurs || (entry.keepIn() != null && !isBelow(entry.keepIn(), marks))) {
        return Optional.of("names a directory that is not the standby's");
      }
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
    return ManifestGuard.objection(entry.next());
  }

  private boolean isBelow(List<String> names, Path directory) throws IOException {
    for (String name : names) {
      if (!isBelow(name, directory)) {
        return false;
      }
    }
    return true;
  }

  private boolean isBelow(String name, Path directory) throws IOException {
    return PathGuard.real(standby.home().resolve(FileNames.toPath(name))).startsWith(directory);
  }

  private RefusedException damaged(String why, Throwable cause) {
    return new RefusedException(
        Reason.DAMAGED,
        FileNames.shown(standby.journal()) + ": damaged: " + why,
        "keep the directory, and take a new snapshot elsewhere: this one was changing places",
        cause);
  }

  /** Removes or keeps what belongs to the old environment; files that are nobody's stay. */
  private void clear(Optional<Leaving> leaving, Optional<StandbyDirectory> kept)
      throws IOException {
    List<Path> logs = leaving.map(each -> each.logDirectoriesIn(standby.home())).orElse(List.of());
    for (Path each : OldEnvironment.files(standby, logs)) {
      // A cycle that was cut off may have put a directory there, or a file where its directory was.
      if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        if (kept.isPresent()) {
          ReplacedStandby.keep(standby, kept.get(), each);
        } else {
          Files.delete(each);
        }
      }
    }
    DurableFiles.syncTree(standby.home());
  }

  /** Moves file by file; what has moved is not there to be moved again. */
  private void move() throws IOException {
    Path image = standby.image();
    List<Path> files;
    List<Path> directories;
    if (!Files.isDirectory(image)) {
      return; // all has moved, and the crash came while cleaning up
    }
    try (var all = Files.walk(image)) {
      List<Path> below = all.filter(path -> !path.equals(image)).toList();
      directories = below.stream().filter(Files::isDirectory).toList();
      files = below.stream().filter(path -> !Files.isDirectory(path)).toList();
    }
    for (Path directory : directories) {
      Path place = standby.home().resolve(image.relativize(directory));
      if (!Files.isDirectory(place)) {
        Files.createDirectories(place);
        FileModes.sameDirectory(directory, place);
      }
    }
    Path config = image.resolve(DbConfig.FILE);
    for (Path file : files.stream().sorted(Comparator.naturalOrder()).toList()) {
      if (!file.equals(config)) {
        Path place = standby.home().resolve(image.relativize(file));
        Way.free(place, each -> false); // a directory that has had its files until now
        PlainCopier.move(file, place);
      }
    }
    DurableFiles.syncTree(standby.home());
    // The guard goes last: from here on any libdb program may open the home.
    Path inPlace = standby.home().resolve(DbConfig.FILE);
    if (Files.exists(config)) {
      DurableFiles.rename(config, inPlace);
    } else if (isGuarded()) {
      DurableFiles.delete(inPlace);
    }
  }

  private boolean isGuarded() throws IOException {
    Path config = standby.home().resolve(DbConfig.FILE);
    return Files.exists(config)
        && Files.size(config) <= GUARD_SIZE
        && Files.readString(config, StandardCharsets.ISO_8859_1).startsWith(GUARD);
  }
}
