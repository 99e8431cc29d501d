package io.github.bdbstandby.disks;

import io.github.bdbstandby.copy.CopyMethodChoice;
import io.github.bdbstandby.copy.CopyMethodChoice.Sharing;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DatabaseFile;
import io.github.bdbstandby.copy.DatabaseFileCopier;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.SmallFiles;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** One of the ways to read a file that is being written. */
@FunctionalInterface
interface Reading {
  /** Longer than a disk's block: enough for a direct read's buffer. */
  int ALIGNMENT = 4096;

  /** All of it. */
  ByteBuffer bytes() throws IOException;

  /** As cp reads, or past the kernel's cache. */
  static Reading by(Path file, OpenOption... how) {
    return () -> {
      try (FileChannel in = FileChannel.open(file, how)) {
        int size = (int) in.size();
        ByteBuffer bytes =
            ByteBuffer.allocateDirect(size + ALIGNMENT).alignedSlice(ALIGNMENT).limit(size);
        while (bytes.hasRemaining() && in.read(bytes, bytes.position()) > 0) {}
        return bytes.flip();
      }
    };
  }

  /** As a snapshot does. */
  static Reading ours(Path home, Path file, Path parent) throws IOException {
    CopyMethodChoice choice = new CopyMethodChoice(Sharing.OTHER_PROCESS, Optional.empty(), parent);
    Lsn far = new Lsn(0xFFFFFFFFL, 0);
    DatabaseFileCopier copier = new DatabaseFileCopier(() -> far, CopyProgress.NONE);
    DatabaseFile database =
        EnvironmentFiles.in(home, home, Set.of()).databases().stream()
            .filter(each -> each.path().equals(file))
            .findFirst()
            .orElseThrow();
    Path copy = parent.resolve("copy.db");
    return () -> {
      copier.copy(database, choice.of(file), copy, SmallFiles.ONE_BY_ONE);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(copy));
      Files.delete(copy);
      return bytes;
    };
  }
}
