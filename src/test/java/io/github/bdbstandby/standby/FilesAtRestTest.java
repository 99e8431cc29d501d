package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Temporary;
import io.github.bdbstandby.libdb.PageWrites;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums that are kept from one cycle to the next are those of the files that are there. */
final class FilesAtRestTest {
  private Temporary directory;
  private Path home;
  private Manifest manifest;

  @BeforeEach
  void standby() throws IOException {
    directory = Temporary.directory();
    Bank bank = Bank.make(directory.path(), "btree", "--accounts", "10");
    StandbyDirectory place = new StandbyDirectory(directory.resolve("standby"));
    Standby.at(place.home())
        .snapshot(bank.request(), SnapshotOptions.defaults(), StandbyListener.NONE);
    home = place.home();
    manifest = ManifestFile.ofStandby(place);
  }

  @AfterEach
  void gone() throws IOException {
    directory.close();
  }

  /** As two names that change places within a cycle. */
  @Test
  void aFileWrittenInTheSameMomentAsTheOneWhoseNameItHasGot() throws IOException {
    FileTime moment = FileTime.from(Instant.parse(manifest.syncedAt()).minusSeconds(1));
    Path one = write("one", "1111", moment);
    Path other = write("other", "2222", moment);
    Map<String, Manifest.FileAtRest> before = FilesAtRest.known(manifest.with(list(Map.of())));
    Files.move(other, one, StandardCopyOption.REPLACE_EXISTING);
    assertThat(list(before).get("one").crc32c()).isEqualTo(FilesAtRest.sum(one));
  }

  @Test
  void aFileWrittenAgainInTheMomentOfTheManifest() throws IOException {
    FileTime moment = FileTime.from(Instant.parse(manifest.syncedAt()));
    Path one = write("one", "1111", moment);
    Map<String, Manifest.FileAtRest> before = FilesAtRest.known(manifest.with(list(Map.of())));
    write("one", "2222", moment);
    assertThat(list(before).get("one").crc32c()).isEqualTo(FilesAtRest.sum(one));
  }

  /** The sum given is not its own, so that it shows whether it was read. */
  @Test
  void aFileThatIsTheSameIsNotReadAgain() throws IOException {
    FileTime moment = FileTime.from(Instant.parse(manifest.syncedAt()).minusSeconds(1));
    write("one", "1111", moment);
    Map<String, Manifest.FileAtRest> found = list(Map.of());
    Manifest.FileAtRest is = found.get("one");
    found.put(
        "one",
        new Manifest.FileAtRest(
            is.kind(), is.size(), is.modified(), is.inode(), 12_345, is.source()));
    assertThat(list(FilesAtRest.known(manifest.with(found))).get("one").crc32c()).isEqualTo(12_345);
  }

  /** As of a manifest written before inodes were kept, or of a file that was moved to its disk. */
  @Test
  void aFileWhoseInodeIsNotKnownKeepsItsSum() throws IOException {
    write("one", "1111", FileTime.from(Instant.parse(manifest.syncedAt()).minusSeconds(1)));
    Map<String, Manifest.FileAtRest> found = list(Map.of());
    long sum = found.get("one").crc32c();
    found.replaceAll((name, file) -> file.withoutInode());
    assertThat(list(FilesAtRest.known(manifest.with(found)), false).get("one").crc32c())
        .isEqualTo(sum);
  }

  /** Nobody sums while a source is followed, but such a file would stay without a sum. */
  @Test
  void aFileInDoubtIsSummedAtOnce() throws IOException {
    Path one = write("one", "1111", FileTime.from(Instant.parse(manifest.syncedAt())));
    Map<String, Manifest.FileAtRest> before = FilesAtRest.known(manifest.with(list(Map.of())));
    assertThat(list(before, false).get("one").crc32c()).isEqualTo(FilesAtRest.sum(one));
  }

  private Path write(String name, String text, FileTime moment) throws IOException {
    Path file = home.resolve(name);
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    return Files.setLastModifiedTime(file, moment);
  }

  private Map<String, Manifest.FileAtRest> list(Map<String, Manifest.FileAtRest> before)
      throws IOException {
    return list(before, true);
  }

  private Map<String, Manifest.FileAtRest> list(
      Map<String, Manifest.FileAtRest> before, boolean summing) throws IOException {
    return FilesAtRest.list(
        home, home, Optional.empty(), before, Map.of(), new PageWrites(), summing);
  }
}
