package io.github.bdbstandby.procedure;

import io.github.bdbstandby.libdb.LogRecord;
import io.github.bdbstandby.libdb.LogRecordType;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at the log that was gathered before any of it gets into the target.
 *
 * @param types the records that it wants to see
 * @param inspection sees them, ascending, from the first gathered log file on, and maybe others;
 *     objects by throwing
 */
public record LogInspector(Set<LogRecordType> types, Consumer<List<LogRecord>> inspection) {
  /** Lets everything through. */
  public static final LogInspector NONE = new LogInspector(Set.of(), records -> {});

  /** Keeps a copy. */
  public LogInspector {
    types = Set.copyOf(types);
  }
}
