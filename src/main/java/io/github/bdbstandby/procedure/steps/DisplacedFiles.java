package io.github.bdbstandby.procedure.steps;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.RecoveryStops;
import io.github.bdbstandby.procedure.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of the application's that lie in a recovery's way; they wait elsewhere until it is over.
 */
final class DisplacedFiles {
  private final Target target;

  DisplacedFiles(Target target) {
    this.target = target;
  }

  void take(RecoveryStops.Stage stage) throws IOException {
    if (stage.named().isEmpty()) {
      return;
    }
    for (OtherFile file : target.files().others()) {
      if (stage.names(FileNames.toName(file.relative()))) {
        move(file.path(), target.displaced().resolve(file.relative()));
      }
    }
  }

  /** A name that a database has by now stays its own; the next refresh brings what is due. */
  void putBack() throws IOException {
    if (!Files.isDirectory(target.displaced())) {
      return;
    }
    List<Path> files;
    try (Stream<Path> below = Files.walk(target.displaced())) {
      files = below.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path place = target.home().resolve(target.displaced().relativize(file));
      if (!Files.exists(place)) {
        move(file, place);
      }
    }
    DurableFiles.deleteTree(target.displaced());
  }

  private static void move(Path from, Path to) throws IOException {
    DurableFiles.createDirectories(to.getParent());
    PlainCopier.move(from, to);
    DurableFiles.syncDirectory(to.getParent());
    DurableFiles.syncDirectory(from.getParent());
  }
}
