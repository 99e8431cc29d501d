package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.DbEnvironment;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.RunRecoveryException;
import io.github.bdbstandby.procedure.RegionCalls;
import io.github.bdbstandby.procedure.SourceStuckException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes the environment that was failed over unusable: whoever has it open gets {@code
 * DB_RUNRECOVERY} from then on, so that no commit is acknowledged there that the new primary does
 * not have. An application that opens it anew with recovery is not kept from that.
 */
final class Fence {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private Fence() {}

  /**
   * Raises it.
   *
   * @return why it could not be raised; empty if it stands
   */
  static Optional<String> raise(Manifest manifest, Optional<byte[]> password) {
    Path home = Path.of(manifest.source().home());
    if (!DbEnvironment.hasRegionFiles(home)) {
      return Optional.of(home + ": no regions there that could be fenced");
    }
    EnvironmentOptions options = manifest.sourceOptions(password);
    RegionCalls calls = new RegionCalls(home, LIMIT);
    try {
      return calls.call(
          () -> {
            try (DbEnvironment environment = DbEnvironment.join(home, options)) {
              environment.panic();
              return Optional.<String>empty();
            }
          });
    } catch (RunRecoveryException e) {
      return Optional.empty(); // it has panicked already
    } catch (SourceStuckException | DbException e) {
      return Optional.of("not fenced: " + e.getMessage());
    }
  }
}
