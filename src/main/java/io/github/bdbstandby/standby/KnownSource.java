package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** The source that a standby was made from, opened as the user says or as the standby remembers. */
final class KnownSource {
  private final StandbyDirectory standby;
  private final SyncOptions options;

  KnownSource(StandbyDirectory standby, SyncOptions options) {
    this.standby = standby;
    this.options = options;
  }

  static void refuseOtherSource(StandbyDirectory standby, Manifest manifest, Path home)
      throws IOException {
    if (!PathGuard.isSame(home, manifest.source().homePath())) {
      throw new RefusedException(
          Reason.OTHER_SOURCE,
          FileNames.shown(standby.home())
              + ": is a standby of "
              + FileNames.escaped(manifest.source().home())
              + ", not of "
              + FileNames.shown(home),
          "give that home, or another directory for this one's standby");
    }
  }

  SourceRequest request(Manifest manifest) throws IOException {
    Optional<SourceRequest> asked = options.source();
    // A link may lead to a disk that is away: that is not another source.
    if (asked.isPresent() && !isDangling(asked.get().home())) {
      refuseOtherSource(standby, manifest, asked.get().home());
    }
    Path home = asked.map(SourceRequest::home).orElse(manifest.source().homePath());
    PathGuard.refuseMounted(home, standby.home());
    Optional<Path> archive = manifest.archivePath();
    // A link or a mount may lead elsewhere by now; what can't be looked at takes no log file.
    if (archive.isPresent() && !isOutOfReach(archive.get())) {
      PathGuard.check(home, standby.home(), archive);
    }
    Optional<byte[]> secret = asked.flatMap(SourceRequest::password).or(options::password);
    EnvironmentOptions remembered = manifest.sourceOptions(secret);
    EnvironmentOptions opening =
        asked.map(request -> opening(request, remembered)).orElse(remembered);
    SourceRequest request = asked.orElse(new SourceRequest(home, opening)).with(opening);
    if (!options.passive() && !request.passive()) {
      return request;
    }
    if (Procedure.parse(manifest.procedure()) == Procedure.LONG) {
      throw new RefusedException(
          Reason.NOT_PASSIVE,
          FileNames.shown(standby.home())
              + ": its procedure moves log files out of the source, which --passive may not",
          "leave --passive out, or take a snapshot by the short procedure elsewhere");
    }
    return request.passively();
  }

  private static boolean isOutOfReach(Path directory) {
    try {
      return !Files.readAttributes(directory, BasicFileAttributes.class).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** What the user leaves unsaid is as remembered; a handle leaves nothing unsaid. */
  private static EnvironmentOptions opening(SourceRequest asked, EnvironmentOptions remembered) {
    EnvironmentOptions said = asked.options();
    if (asked.attached().isPresent()) {
      return said;
    }
    EnvironmentOptions.Builder opening = remembered.toBuilder();
    if (!said.dataDirectories().isEmpty()) {
      opening.dataDirectories(said.dataDirectories());
    }
    said.logDirectory().ifPresent(opening::logDirectory);
    return opening.build();
  }

  /** Whether the log is looked for in the directory that had it when the standby was made. */
  static boolean isLogWhereItWas(SourceRequest request, Manifest manifest) throws IOException {
    Path home = manifest.source().homePath();
    return PathGuard.isSame(request.home(), home)
        && DbConfig.logDirectory(home, request.options())
            .normalize()
            .equals(manifest.source().logPath().normalize());
  }

  private static boolean isDangling(Path home) {
    for (Path each = home; each != null; each = each.getParent()) {
      if (Files.isSymbolicLink(each) && !Files.exists(each)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A directory that became absolute after the snapshot: the standby as it is knows nothing of it.
   */
  static Source open(SourceRequest request) throws IOException {
    try {
      return SourceGuard.ofCopied(request).open();
    } catch (RefusedException e) {
      if (e.reason() == Reason.ABSOLUTE_PATH) {
        throw new SnapshotNeededException(e.reason(), e.getMessage() + "; " + e.hint(), e);
      }
      throw e;
    }
  }
}
