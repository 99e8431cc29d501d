package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.FileNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * A call into the source's shared regions did not come back: a process died with one of their locks
 * held, and whoever asks for it waits for ever. The call is left waiting on a thread of its own.
 */
public final class SourceStuckException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Future<?> call;

  SourceStuckException(Path home, Duration limit, Future<?> call) {
    super(
        FileNames.shown(home)
            + ": its shared regions did not answer within "
            + limit.toMillis()
            + " ms");
    this.call = call;
  }

  /** Whether the call has come back since. */
  public boolean hasAnswered() {
    return call.isDone();
  }
}
