package io.github.bdbstandby.standby;

import io.github.bdbstandby.standby.Manifest.FileAtRest;
import io.github.bdbstandby.standby.Manifest.Hold;
import io.github.bdbstandby.standby.Manifest.Position;
import io.github.bdbstandby.standby.Manifest.SourceIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The manifest, written durably as at the end of each cycle, and read. */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ManifestMicro {
  @Param({"10", "5000"})
  public int files;

  private Path directory;
  private Path file;
  private Manifest manifest;

  @Setup
  public void make() throws IOException {
    directory = Files.createDirectories(Path.of("target", "bench", "micro-manifest"));
    file = directory.resolve("manifest.json").toAbsolutePath();
    Map<String, FileAtRest> atRest = new TreeMap<>();
    for (int i = 0; i < files; i++) {
      atRest.put(
          "data/accounts-" + i + ".db",
          new FileAtRest(
              FileAtRest.DATABASE, 1L << 30, 1_700_000_000_123_456_789L + i, i, 0xdeadbeefL, null));
    }
    Position position = new Position(131, 4242);
    manifest =
        new Manifest(
            Manifest.FORMAT,
            Manifest.STANDBY,
            0,
            new SourceIdentity("/srv/home", List.of("data"), null, "/srv/home", false),
            "copy",
            null,
            "mirror",
            "direct",
            ".",
            129,
            position,
            new Hold(true, "1"),
            null,
            atRest,
            Manifest.now(),
            Manifest.now(),
            null,
            List.of(),
            List.of());
    ManifestFile.write(file, manifest);
  }

  @TearDown
  public void remove() throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
  }

  @Benchmark
  public void write() throws IOException {
    ManifestFile.write(file, manifest);
  }

  @Benchmark
  public Manifest read() throws IOException {
    return ManifestFile.read(file).orElseThrow();
  }
}
