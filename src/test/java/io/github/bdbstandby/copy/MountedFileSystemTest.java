package io.github.bdbstandby.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.libdb.FileNames;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kernel's list of mounts, in which names are bytes. */
final class MountedFileSystemTest {
  private static final List<String> MOUNTS =
      List.of(
          "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
          "30 22 8:2 / /mnt/caf\u00e9\\040x rw shared:2 - xfs /dev/sda2 rw",
          "31 22 8:3 / /mnt/\u00c3\u00a9 rw shared:3 - btrfs /dev/sda3 rw");

  private static String type(byte... name) throws Exception {
    Path path = FileNames.toPath("/mnt/" + FileNames.decode(name) + "/home");
    return MountedFileSystem.of(path, MOUNTS).type();
  }

  @Test
  void namesThatAreNotUtf8() throws Exception {
    assertThat(type((byte) 'c', (byte) 'a', (byte) 'f', (byte) 0xE9, (byte) ' ', (byte) 'x'))
        .isEqualTo("xfs");
    assertThat(type((byte) 0xC3, (byte) 0xA9)).isEqualTo("btrfs");
    assertThat(type((byte) 'c')).isEqualTo("ext4");
  }
}
