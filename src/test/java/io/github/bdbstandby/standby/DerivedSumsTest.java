package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Writer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sums of what recovery has changed are told from the changes, and not read. */
final class DerivedSumsTest {
  private static final String TYPES = "btree,hash,recno,queue,heap";

  @TempDir Path work;

  private Path home() {
    return work.resolve("home");
  }

  private StandbyDirectory standby() {
    return new StandbyDirectory(work.resolve("standby"));
  }

  private Map<String, Manifest.FileAtRest> files() throws IOException {
    return ManifestFile.ofStandby(standby()).files();
  }

  private void snapshot() throws Exception {
    Cli.json("snapshot", "--home", home(), "--standby", standby().home()).good();
  }

  private void sync() throws Exception {
    Cli.json("sync", "--standby", standby().home()).good();
  }

  private void assertSumsAreRight() throws IOException {
    for (Map.Entry<String, Manifest.FileAtRest> each : files().entrySet()) {
      assertSumIsRight(each);
    }
  }

  private void assertSumIsRight(Map.Entry<String, Manifest.FileAtRest> file) throws IOException {
    assertThat(file.getValue().crc32c())
        .as(file.getKey())
        .isEqualTo(FilesAtRest.sum(standby().home().resolve(file.getKey())));
  }

  /** Sums that are not their own before show afterwards that nobody has read the files. */
  @ParameterizedTest
  @CsvSource({"512,false", "4096,true", "65536,false"})
  void areRight(int pageSize, boolean checksums) throws Exception {
    List<String> options =
        new ArrayList<>(List.of("--types", TYPES, "--pagesize", String.valueOf(pageSize)));
    if (checksums) {
      options.add("--checksum");
    }
    Writer.init(home(), options.toArray(String[]::new));
    snapshot();
    assertSumsAreRight();
    for (int i = 0; i < 3; i++) {
      Writer.work(home(), 300);
      sync();
      assertSumsAreRight();
    }

    Map<String, Manifest.FileAtRest> before = files();
    Manifest manifest = ManifestFile.ofStandby(standby());
    ManifestFile.write(standby().manifest(), manifest.with(withWrongSums(before)));
    Writer.work(home(), 300);
    sync();
    int derived = 0;
    for (Map.Entry<String, Manifest.FileAtRest> each : files().entrySet()) {
      Manifest.FileAtRest is = each.getValue();
      Manifest.FileAtRest was = before.getOrDefault(each.getKey(), is); // log files come
      boolean isChanged = is.modified() != was.modified();
      long sum = FilesAtRest.sum(standby().home().resolve(each.getKey()));
      derived += isDatabase(is) && isChanged && is.crc32c() != sum ? 1 : 0;
    }
    assertThat(derived).isPositive();
  }

  private static boolean isDatabase(Manifest.FileAtRest file) {
    return file.kind().equals(Manifest.FileAtRest.DATABASE);
  }

  private static Map<String, Manifest.FileAtRest> withWrongSums(
      Map<String, Manifest.FileAtRest> files) {
    Map<String, Manifest.FileAtRest> wrong = new TreeMap<>(files);
    wrong.replaceAll(
        (name, is) ->
            new Manifest.FileAtRest(
                is.kind(), is.size(), is.modified(), is.inode(), is.crc32c() ^ 1, is.source()));
    return wrong;
  }

  /** A follower has them of what was there before it: it reads no databases. */
  @Test
  void areThereWhileFollowing() throws Exception {
    Writer.init(home(), "--types", TYPES);
    Writer.work(home(), 300);
    snapshot();
    Writer.work(home(), 300);
    sync();
    Writer.work(home(), 300);
    try (var follower = Cli.start("follow", "--standby", standby().home(), "--json")) {
      follower.awaitLines("{", 1);
      follower.signal("TERM");
      follower.await();
    }
    List<Map.Entry<String, Manifest.FileAtRest>> accounts =
        files().entrySet().stream().filter(each -> each.getKey().startsWith("accounts-")).toList();
    assertThat(accounts).isNotEmpty();
    for (Map.Entry<String, Manifest.FileAtRest> each : accounts) {
      assertSumIsRight(each);
    }
  }

  /** What has changed in a standby by itself is not taken for what a sync has written. */
  @Test
  void damageIsFoundAfterTheNextSync() throws Exception {
    Writer.init(home(), "--types", "btree", "--accounts", "20000");
    snapshot();
    Path damaged = largest();
    FileTime modified = Files.getLastModifiedTime(damaged);
    long middle;
    try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
      middle = file.length() / 2;
      file.seek(middle);
      int was = file.read();
      file.seek(middle);
      file.write(was ^ 1);
    }
    Files.setLastModifiedTime(damaged, modified);
    Writer.work(home(), 3);
    sync();
    assertThat(Files.getLastModifiedTime(damaged)).isNotEqualTo(modified);
    assertThat(Cli.json("verify", "--standby", standby().home()).code()).isEqualTo(5);
  }

  private Path largest() throws IOException {
    return files().entrySet().stream()
        .filter(each -> isDatabase(each.getValue()))
        .max((a, b) -> Long.compare(a.getValue().size(), b.getValue().size()))
        .map(each -> standby().home().resolve(each.getKey()))
        .orElseThrow();
  }
}
