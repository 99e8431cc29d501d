package io.github.bdbstandby.procedure;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that a cycle works on, and the standby it belongs to.
 *
 * @param home the Berkeley DB home being brought forward: the standby itself, or the image of a new
 *     snapshot beside it
 * @param logDirectory where its log files are
 * @param incoming a directory on the same file system, where bytes are gathered before they get
 *     their names
 * @param held what the standby has of the source's history; empty before a first snapshot
 */
public record Target(Path home, Path logDirectory, Path incoming, Optional<Held> held) {

  /** Where recovery writes each page first. */
  public Path pageSlot() {
    return incoming.resolveSibling("page-slot");
  }

  /** Where files are kept that recovery must not see. */
  public Path aside() {
    return aside(incoming);
  }

  /** The same, by where its log is gathered. */
  public static Path aside(Path incoming) {
    return Objects.requireNonNull(incoming, "incoming").resolve("aside");
  }

  /**
   * Where it is noted how far recovery has come that pauses, so that what a cycle which is cut off
   * has done is not taken for undone; empty where a target that is cut off is made anew.
   */
  public Optional<Path> reached() {
    return held.filter(standby -> standby.logDirectory().equals(logDirectory))
        .map(standby -> incoming.resolveSibling("unfinished"));
  }

  /** Where files of the application's wait meanwhile that lie where recovery names databases. */
  public Path displaced() {
    return incoming.resolve("displaced");
  }

  /** What lies in it now. */
  public EnvironmentFiles files() throws IOException {
    return EnvironmentFiles.in(home, logDirectory, Set.of(incoming));
  }

  /**
   * What a standby that was made earlier has.
   *
   * @param logDirectory its log files
   * @param end where the source's history ends in them; what follows was written by the standby's
   *     own recovery
   * @param lost ids of databases that the log names, and that the source itself did not have any
   *     more when it was copied
   * @param waiting where log of the source's waits to be let in
   */
  public record Held(Path logDirectory, Lsn end, Set<String> lost, Path waiting) {
    /** Keeps a copy. */
    public Held {
      lost = Set.copyOf(lost);
    }

    /**
     * Whether the standby's file of that number, if it has it, is the source's own as a whole: the
     * standby's recovery writes into the last one only.
     */
    public boolean isPristine(long number) {
      return number < end.file();
    }
  }
}
