package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableFilesTest {
  @TempDir Path work;

  @Test
  void aDirectoryThatIsALinkIsSweptAndThoseBelowAreNotEntered() throws Exception {
    Path real = Files.createDirectory(work.resolve("real"));
    Path outside = Files.createDirectory(work.resolve("outside"));
    Path link = Files.createSymbolicLink(work.resolve("link"), real);
    Files.createSymbolicLink(real.resolve("away"), outside);
    Path inner = Files.createDirectory(real.resolve("inner"));
    Path left = Files.createFile(DurableFiles.temporary(inner.resolve("file")));
    Path others = Files.createFile(DurableFiles.temporary(outside.resolve("file")));
    DurableFiles.sweep(link);
    assertThat(left).doesNotExist();
    assertThat(others).exists();
  }
}
