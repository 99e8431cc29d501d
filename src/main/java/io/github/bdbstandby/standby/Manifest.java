package io.github.bdbstandby.standby;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.bdbstandby.libdb.EnvironmentOptions;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.Lsn;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a standby is: written last in each cycle, atomically, so that all it says is so.
 *
 * @param format of this file
 * @param state {@code standby} or {@code promoted}
 * @param epoch how many times this history has been failed over
 * @param source where it comes from
 * @param procedure the guide's short ({@code copy}) or long ({@code archive}) one
 * @param archive where the long procedure puts log files, or null
 * @param layout mirror or flat
 * @param copyMethod how the snapshot read the databases
 * @param logDirectory the standby's own, relative to it
 * @param firstNeeded the lowest log file that the next recovery needs
 * @param recoveredTo where the source's history ends in the standby's log
 * @param hold what is known of the hold on bulk loading in the source
 * @param promotedConfig the DB_CONFIG to put in place at failover, or null if it has it
 * @param files all files at rest, by path from the standby's home; all names here are spelled as
 *     {@link FileNames} says
 * @param snapshotAt when the snapshot was whole, ISO 8601
 * @param syncedAt when the last cycle ended, ISO 8601
 * @param drill the last trial of the standby, or null
 * @param ownOrder names of databases that {@link OwnOrder} speaks of; older manifests have none
 * @param lostAtSource file ids of databases that the log names, and that the source itself had lost
 *     when the snapshot was taken; older manifests have none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Manifest(
    int format,
    String state,
    long epoch,
    SourceIdentity source,
    String procedure,
    String archive,
    String layout,
    String copyMethod,
    String logDirectory,
    long firstNeeded,
    Position recoveredTo,
    Hold hold,
    String promotedConfig,
    Map<String, FileAtRest> files,
    String snapshotAt,
    String syncedAt,
    Drill drill,
    List<String> ownOrder,
    List<String> lostAtSource) {

  /** Lists, whether they are written there or not. */
  Manifest {
    ownOrder = ownOrder == null ? List.of() : List.copyOf(ownOrder);
    lostAtSource = lostAtSource == null ? List.of() : List.copyOf(lostAtSource);
  }

  static final int FORMAT = 1;
  static final String STANDBY = "standby";
  static final String PROMOTED = "promoted";

  /**
   * The active environment.
   *
   * @param home its real path
   * @param dataDirectories set in code, as given on the command line
   * @param logDirectorySet set in code, or null
   * @param logDirectory where its log files are, absolute
   * @param encrypted whether it needs a password
   */
  record SourceIdentity(
      String home,
      List<String> dataDirectories,
      String logDirectorySet,
      String logDirectory,
      boolean encrypted) {
    Path homePath() {
      return FileNames.toPath(home);
    }

    Path logPath() {
      return FileNames.toPath(logDirectory);
    }

    private SourceIdentity withLogIn(Path directory) {
      return new SourceIdentity(
          home, dataDirectories, logDirectorySet, FileNames.toName(directory), encrypted);
    }

    /**
     * By the home's real path: a link to it may lead elsewhere later, while its own are its own.
     */
    static String logDirectory(Source source) throws IOException {
      Path home = source.home();
      Path logs = source.logDirectory();
      return FileNames.toName(
          logs.startsWith(home)
              ? PathGuard.real(home).resolve(home.relativize(logs)).normalize()
              : PathGuard.real(logs));
    }
  }

  /** An LSN. */
  record Position(long file, long offset) {
    static Position of(Lsn lsn) {
      return new Position(lsn.file(), lsn.offset());
    }

    Lsn lsn() {
      return new Lsn(file, offset);
    }
  }

  /**
   * The reference that keeps bulk loading logged in the source.
   *
   * @param taken whether we hold one
   * @param regions which regions it was taken in
   */
  record Hold(boolean taken, String regions) {}

  /**
   * A file as it was when the manifest was written.
   *
   * @param kind database, log or other
   * @param size bytes
   * @param modified nanoseconds since 1970
   * @param inode tells it from a file of another name, written in the same moment, that has got its
   *     name; 0 if that is not known
   * @param crc32c of all bytes, or {@link #NOT_SUMMED}
   * @param source for other files, the source's size and time: {@code SIZE@NANOS}
   */
  record FileAtRest(String kind, long size, long modified, long inode, long crc32c, String source) {
    /** In place of a sum: written by recovery since it was last summed. */
    static final long NOT_SUMMED = -1;

    /** The same of one that may have been written since, in the tick of the clock that it has. */
    static final long IN_DOUBT = -2;

    static final String DATABASE = "database";
    static final String LOG = "log";
    static final String OTHER = "other";

    /** The same, to be summed again, if it has a sum. */
    FileAtRest inDoubt() {
      return crc32c == NOT_SUMMED
          ? this
          : new FileAtRest(kind, size, modified, inode, IN_DOUBT, source);
    }

    /** The same, wherever it is moved to. */
    FileAtRest withoutInode() {
      return new FileAtRest(kind, size, modified, 0, crc32c, source);
    }
  }

  /**
   * A trial of the standby on a clone.
   *
   * @param at when it ended, ISO 8601
   * @param outcome {@link #OK} or {@link #DAMAGED}
   * @param databases that were opened and read to their end
   * @param records counted in them
   * @param seconds it took
   * @param recoveredTo how far the standby was then
   */
  record Drill(
      String at,
      String outcome,
      long databases,
      long records,
      double seconds,
      Position recoveredTo) {
    static final String OK = "ok";
    static final String DAMAGED = "damaged";
  }

  /** For its times. */
  static String now() {
    return Instant.now().toString();
  }

  /** One of its times; empty if it is none. */
  static Optional<Instant> time(String iso) {
    try {
      return Optional.of(Instant.parse(iso));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The field for an archive, which need not be on the default file system. */
  static String archive(Path directory) {
    Path absolute = directory.toAbsolutePath();
    return absolute.getFileSystem().equals(FileSystems.getDefault())
        ? FileNames.toName(absolute)
        : absolute.toString();
  }

  /** Where the long procedure puts log files. */
  Optional<Path> archivePath() {
    return Optional.ofNullable(archive).map(FileNames::toPath);
  }

  /** The standby's log directory, relative to it. */
  Path logPath() {
    return FileNames.toPath(logDirectory);
  }

  @JsonIgnore
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  boolean isPromoted() {
    return state.equals(PROMOTED);
  }

  /** The field for a source's DB_CONFIG. */
  static String promotedConfig(DbConfig config) {
    return config.forStandby().equals(config)
        ? null
        : new String(config.bytes(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Which DB_CONFIG stands for the standby: a failover that was killed may have put the promoted
   * one in its place.
   *
   * @param found in the standby
   */
  DbConfig configBefore(DbConfig found) {
    return Optional.ofNullable(promotedConfig)
        .map(DbConfig::parse)
        .filter(found::equals)
        .map(DbConfig::forStandby)
        .orElse(found);
  }

  /** The same of a source whose log is there. */
  Manifest withSourceLogIn(Path directory) {
    return with(source.withLogIn(directory), files, recoveredTo, drill);
  }

  /** The same after a trial. */
  Manifest with(Drill tried) {
    return with(source, files, recoveredTo, tried);
  }

  /** The same when more has been recovered. */
  Manifest with(Lsn reached) {
    return with(source, files, Position.of(reached), drill);
  }

  /** The same of other files. */
  Manifest with(Map<String, FileAtRest> found) {
    return with(source, found, recoveredTo, drill);
  }

  private Manifest with(
      SourceIdentity where, Map<String, FileAtRest> found, Position end, Drill tried) {
    return new Manifest(
        format,
        state,
        epoch,
        where,
        procedure,
        archive,
        layout,
        copyMethod,
        logDirectory,
        firstNeeded,
        end,
        hold,
        promotedConfig,
        found,
        snapshotAt,
        syncedAt,
        tried,
        ownOrder,
        lostAtSource);
  }

  /** How to open the source again. */
  EnvironmentOptions sourceOptions(Optional<byte[]> password) {
    EnvironmentOptions.Builder builder =
        EnvironmentOptions.builder().dataDirectories(source.dataDirectories());
    if (source.logDirectorySet() != null) {
      builder.logDirectory(source.logDirectorySet());
    }
    password.ifPresent(builder::password);
    return builder.build();
  }
}
