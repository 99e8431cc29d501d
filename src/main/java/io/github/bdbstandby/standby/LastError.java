package io.github.bdbstandby.standby;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import io.github.bdbstandby.copy.DurableFiles;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last failure of a cycle, kept in a file of its own: the manifest tells of good cycles only.
 *
 * @param reason its code
 * @param message what went wrong
 * @param at when, ISO 8601
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LastError(String reason, String message, String at) {
  private static final Logger LOG = LoggerFactory.getLogger(LastError.class);

  /** The one noted; empty if there is none that can be read. */
  static Optional<LastError> read(StandbyDirectory standby) {
    try {
      LastError error = MarksJson.read(standby.lastError(), LastError.class);
      boolean whole = error.reason() != null && error.at() != null;
      return whole ? Optional.of(error) : Optional.empty();
    } catch (JacksonException e) {
      LOG.debug("{}: damaged", standby.lastError(), e);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Notes a failure of a standby of ours; never fails itself. What is told of the caller or of
   * another run, and not of the standby, is not noted.
   */
  static void note(StandbyDirectory standby, Reason reason, String message) {
    if (!isOfStandby(reason)) {
      return;
    }
    try {
      if (ManifestFile.read(standby.manifest()).filter(m -> !m.isPromoted()).isPresent()) {
        DurableFiles.write(
            standby.lastError(),
            MarksJson.bytes(new LastError(reason.word(), message, Manifest.now())));
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: can't be written: {}", standby.lastError(), e.toString());
    }
  }

  private static boolean isOfStandby(Reason reason) {
    return switch (reason) {
      case LOCKED, OTHER_SOURCE, SAME_DIRECTORY, NOT_A_STANDBY, PROMOTED, INTERRUPTED -> false;
      default -> true;
    };
  }
}
