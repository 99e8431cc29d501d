package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.libdb.EnvironmentView;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.libdb.RegularFile;
import io.github.bdbstandby.procedure.DbConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a source's home by its files alone, before it is opened. Every method refuses by a
 * {@link RefusedException}.
 */
final class HomeGuard {
  private final SourceRequest request;
  private final Path home;
  private final boolean isCopied;

  /**
   * Looks at nothing yet.
   *
   * @param isCopied whether a standby is made of it
   */
  HomeGuard(SourceRequest request, boolean isCopied) {
    this.request = request;
    this.home = request.home();
    this.isCopied = isCopied;
  }

  /** What no source may be, however it is read. */
  void check() throws IOException {
    if (!Files.isDirectory(home)) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(home) + ": no such directory",
          "give the environment's home: --home");
    }
    if (isCopied) {
      refuseStandby();
    }
    refuseOutside(configured());
    refuseBlocking();
    refuseUnreadable();
  }

  /** libdb opens these without looking, and would wait for ever. */
  private void refuseBlocking() throws IOException {
    List<Path> opened = new ArrayList<>(List.of(home.resolve(DbConfig.FILE)));
    try (DirectoryStream<Path> regions = Files.newDirectoryStream(home, "__db.*")) {
      regions.forEach(opened::add);
    }
    Path logs = DbConfig.logDirectory(home, request.options());
    if (Files.isDirectory(logs)) {
      LogFile.in(logs).forEach(log -> opened.add(log.path()));
    }
    for (Path file : opened) {
      if (Files.exists(file) && RegularFile.mayBlock(file)) {
        throw new RefusedException(
            Reason.NO_ENVIRONMENT,
            FileNames.shown(file) + ": a FIFO or a device, and no file",
            "remove it");
      }
    }
  }

  /** Without the last of them nobody gets anywhere; of others it depends. */
  private void refuseUnreadable() throws IOException {
    Path logs = DbConfig.logDirectory(home, request.options());
    if (Files.isDirectory(logs)) {
      AccessGuard.askForReading(
          LogFile.in(logs).stream().reduce((a, b) -> b).map(LogFile::path).stream());
    }
  }

  /**
   * That DB_CONFIG adds nothing to our flags that harms. Who joins with {@code DB_REGISTER} takes a
   * place in {@code __db.register}, and its death has the application recover a live environment;
   * no environment that is opened privately can have that flag, nor {@code DB_INIT_REP} here.
   *
   * @param joined whether others' regions are there; else it is opened privately
   */
  void checkOpenFlags(boolean joined) throws IOException {
    for (String flag : DbConfig.of(home).openFlags()) {
      if (flag.equals("db_register") || (!joined && flag.equals("db_init_rep"))) {
        throw new RefusedException(
            Reason.NO_ENVIRONMENT,
            FileNames.shown(home.resolve(DbConfig.FILE))
                + ": set_open_flags "
                + flag.toUpperCase(Locale.ROOT)
                + " holds for whoever opens the environment, and is not for us",
            "read its files only: --passive; or set the flag in the application's code");
      }
    }
  }

  /** What an environment may not be that is about to be opened privately here. */
  void checkAtRest() throws IOException {
    refuseInUse();
    checkLog();
  }

  /** That there is a log, which the password given goes with. */
  void checkLog() throws IOException {
    Path logs = DbConfig.logDirectory(home, request.options());
    refuseWithoutLog(logs);
    PasswordGuard.check(logs, request.password());
  }

  /** The same as of DB_CONFIG, of the directories that the environment itself names. */
  void checkDirectories(EnvironmentView environment) {
    List<String> directories = new ArrayList<>(environment.dataDirectories());
    environment.logDirectory().ifPresent(directories::add);
    environment.metadataDirectory().ifPresent(directories::add);
    refuseOutside(directories);
  }

  /** That the log is where whoever joins now looks for it; the application may have another. */
  void checkLogDirectory(Path logs) throws IOException {
    if (!Files.isDirectory(logs)) {
      boolean isConfigured = DbConfig.of(home).logDirectory().isPresent();
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(logs)
              + ": no such directory"
              + (isConfigured
                  ? ", where " + FileNames.shown(home.resolve(DbConfig.FILE)) + " has the log"
                  : ""),
          "put it back, or have DB_CONFIG or --log-dir name the directory that has the log");
    }
  }

  private void refuseStandby() throws IOException {
    Optional<Manifest> manifest = ManifestFile.read(new StandbyDirectory(home).manifest());
    if (manifest.isPresent() && !manifest.get().isPromoted()) {
      throw new RefusedException(
          Reason.SOURCE_IS_STANDBY,
          FileNames.shown(home)
              + ": this is itself a standby, of "
              + FileNames.escaped(manifest.get().source().home()),
          "make the standby from that environment, or run 'failover' on this one first");
    }
  }

  /** Data and log directories from DB_CONFIG and from the caller. */
  private List<String> configured() throws IOException {
    DbConfig config = DbConfig.of(home);
    List<String> directories = new ArrayList<>(config.dataDirectories());
    config.logDirectory().ifPresent(directories::add);
    directories.addAll(request.options().dataDirectories());
    request.options().logDirectory().ifPresent(directories::add);
    return directories;
  }

  private void refuseOutside(List<String> directories) {
    if (!isCopied) {
      return;
    }
    for (String directory : directories) {
      Path path = path(directory);
      if (path.isAbsolute()) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            FileNames.escaped(directory)
                + ": recovery of a copy of "
                + FileNames.shown(home)
                + " would open this live directory",
            "make it relative to the home in DB_CONFIG or in the application");
      }
      if (!home.resolve(path).normalize().startsWith(home.normalize())) {
        throw new RefusedException(
            Reason.ABSOLUTE_PATH,
            FileNames.escaped(directory)
                + ": leads out of "
                + FileNames.shown(home)
                + ", so that a copy would not have its own",
            "keep data and log directories below the home");
      }
    }
  }

  private Path path(String directory) {
    try {
      if (directory.indexOf('\n') >= 0) { // the standby's DB_CONFIG could not name it
        throw new IllegalArgumentException(
            "a name with a newline: " + FileNames.escaped(directory));
      }
      return FileNames.toPath(directory);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Reason.UNRESOLVED_DATABASE,
          FileNames.shown(home)
              + ": a standby can't have a directory of that name: "
              + e.getMessage(),
          "name data and log directories by bytes that DB_CONFIG can hold",
          e);
    }
  }

  /** Without regions: then somebody has it open privately. */
  private void refuseInUse() throws IOException {
    Optional<OpenFiles.User> user = OpenFiles.environmentAt(home);
    if (user.isPresent()) {
      throw new RefusedException(
          Reason.PRIVATE_ENVIRONMENT,
          FileNames.shown(home)
              + (user.get().isUs() ? ": this process, " : ": process ")
              + user.get().pid()
              + ", has "
              + FileNames.shown(user.get().file())
              + " open without shared regions (DB_PRIVATE)",
          user.get().isUs()
              ? "give its handle: SourceRequest.attached"
              : "run the backup inside that process, have it open the environment without DB_PRIVATE, or"
                  + " read its files only: --passive");
    }
  }

  private void refuseWithoutLog(Path logs) throws IOException {
    if (Files.isDirectory(logs) && !LogFile.in(logs).isEmpty()) {
      return;
    }
    if (EnvironmentFiles.in(home, logs, Set.of()).databases().isEmpty()) {
      throw new RefusedException(
          Reason.NO_ENVIRONMENT,
          FileNames.shown(home)
              + ": holds no Berkeley DB environment: no regions, no log files, no databases",
          "give the environment's home: --home; and --log-dir if the application sets one in code");
    }
    throw new RefusedException(
        Reason.NOT_TRANSACTIONAL,
        FileNames.shown(home) + ": holds databases but no log files",
        "only environments with transactions and a log can have a standby; if the log is"
            + " elsewhere, give --log-dir");
  }
}
