package io.github.bdbstandby.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When the good cycles of a standby began, at the earliest: each says in its manifest when it
 * ended, and began after the one before had. Microseconds since 1970, as in the file of
 * acknowledged commits.
 */
public final class Books {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TreeMap<Long, Long> beganByEnd = new TreeMap<>();
  private final TreeSet<Long> commands = new TreeSet<>(Set.of(0L));

  /** A command is about to be run: cycles not seen yet begin later than now. */
  public void command(Path standby) throws IOException {
    note(standby);
    commands.add(Instant.EPOCH.until(Instant.now(), ChronoUnit.MICROS));
  }

  /** Looks at the manifest; to be called again and again while a command runs. */
  public void note(Path standby) throws IOException {
    Optional<Long> end = end(standby);
    if (end.isPresent() && !beganByEnd.containsKey(end.get())) {
      long before = beganByEnd.isEmpty() ? 0 : beganByEnd.lastKey();
      // A snapshot that was cut off in its switch may be put in place by a later command.
      beganByEnd.put(end.get(), Math.max(before, commands.floor(end.get())));
    }
  }

  /**
   * When the standby's last good cycle began, at the earliest: what was acknowledged before then
   * must be in it. Empty if no snapshot was ever whole.
   */
  public Optional<Long> lastGood(Path standby) throws IOException {
    note(standby);
    return end(standby).map(beganByEnd::get);
  }

  /** How many cycles were seen. */
  int cycles() {
    return beganByEnd.size();
  }

  private static Optional<Long> end(Path standby) throws IOException {
    try {
      byte[] manifest = Files.readAllBytes(standby.resolve(".bdb-standby/manifest.json"));
      Instant end = Instant.parse(JSON.readTree(manifest).path("syncedAt").asText());
      return Optional.of(Instant.EPOCH.until(end, ChronoUnit.MICROS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
