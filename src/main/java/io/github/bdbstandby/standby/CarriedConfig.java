package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.Scratch;
import io.github.bdbstandby.libdb.DbException;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The DB_CONFIG of a standby: the source's, if libdb takes it. An application that runs does not
 * notice what has got into its own; recovery of the standby, and a failover, would end with it.
 */
final class CarriedConfig {
  private final StandbyDirectory standby;
  private final Source source;
  private final Manifest manifest;
  private final List<String> notes = new ArrayList<>();
  private DbConfig promoted;

  /** For one cycle. */
  CarriedConfig(StandbyDirectory standby, Source source, Manifest manifest) {
    this.standby = standby;
    this.source = source;
    this.manifest = manifest;
  }

  /**
   * Puts it in place.
   *
   * @param atSource whether the source has one: else the standby keeps its own, and learns of new
   *     directories that the application's code names. Recovery skips databases in others
   */
  void refresh(boolean atSource) throws IOException {
    DbConfig there = DbConfig.of(standby.home());
    DbConfig wanted = wanted();
    promoted =
        atSource && isUsable(wanted.forStandby(), there) ? wanted : kept(known(there), wanted);
    if (!promoted.forStandby().equals(there)) {
      DurableFiles.write(standby.home().resolve(DbConfig.FILE), promoted.forStandby().bytes());
    }
  }

  /** The lines that {@link #refresh} would put in place, if the standby has others. */
  Optional<String> due(boolean atSource) throws IOException {
    DbConfig known = known(DbConfig.of(standby.home()));
    DbConfig next = atSource ? wanted() : kept(known, wanted());
    return next.equals(known) ? Optional.empty() : Optional.of(String.join("\n", next.lines()));
  }

  private DbConfig known(DbConfig there) {
    return Optional.ofNullable(manifest.promotedConfig()).map(DbConfig::parse).orElse(there);
  }

  private DbConfig wanted() throws IOException {
    return source.promotedConfig(Layout.parse(manifest.layout()), standby.target(manifest));
  }

  private DbConfig kept(DbConfig known, DbConfig wanted) {
    return known.with(wanted.dataDirectories(), Optional.empty()).withLogIn(manifest.logPath());
  }

  private boolean isUsable(DbConfig config, DbConfig there) throws IOException {
    if (config.equals(there)) {
      return true;
    }
    try (Scratch scratch = Scratch.at(standby.scratch())) {
      Optional<DbException> refusal = ConfigTrial.refusal(config, scratch, manifest.logPath());
      refusal.ifPresent(
          e ->
              notes.add(
                  FileNames.shown(source.home().resolve(DbConfig.FILE))
                      + ": libdb refuses it, and the standby keeps its own; mend it before the"
                      + " application is started again: "
                      + e.getMessage()));
      return refusal.isEmpty();
    }
  }

  /** What it is when the standby is promoted. */
  DbConfig promoted() {
    return promoted;
  }

  /** What the user should know. */
  List<String> notes() {
    return notes;
  }
}
