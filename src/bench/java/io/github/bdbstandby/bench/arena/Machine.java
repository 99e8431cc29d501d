package io.github.bdbstandby.bench.arena;

import io.github.bdbstandby.standby.Standby;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a run takes place on. */
public final class Machine {
  private Machine() {}

  /** Of this program. */
  public static String version() {
    String version = Machine.class.getPackage().getImplementationVersion();
    return version == null ? System.getProperty("bdbstandby.version", "unreleased") : version;
  }

  public static Map<String, String> describe(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileStore store = Files.getFileStore(directory);
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("processor", field("/proc/cpuinfo", "model name"));
    machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("memory", gigabytes(field("/proc/meminfo", "MemTotal")));
    machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("file system", store.type());
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("libraries", Standby.nativeVersion().toLowerCase(Locale.ROOT));
    return machine;
  }

  /** The same machine has a few kilobytes more or less after each start. */
  private static String gigabytes(String kilobytes) {
    long bytes = Long.parseLong(kilobytes.replaceAll("\\D", "")) * 1024;
    return Math.round(bytes / 1e9) + " GB";
  }

  private static String field(String file, String name) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
