package io.github.bdbstandby.standby;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What verification found.
 *
 * @param files how many files at rest were compared with the manifest
 * @param databases how many databases of a recovered scratch copy went through libdb's verify
 * @param bytes read
 * @param damage one sentence for each finding, with the file; empty if all is well
 */
public record VerificationReport(
    Path standby, long files, long databases, long bytes, List<String> damage, Duration duration) {
  public VerificationReport {
    damage = List.copyOf(damage);
  }

  public boolean isGood() {
    return damage.isEmpty();
  }
}
