package io.github.bdbstandby.standby;

import io.github.bdbstandby.copy.Cleanup;
import io.github.bdbstandby.copy.CopyProgress;
import io.github.bdbstandby.copy.DurableFiles;
import io.github.bdbstandby.copy.EnvironmentFiles;
import io.github.bdbstandby.copy.FileModes;
import io.github.bdbstandby.copy.OtherFile;
import io.github.bdbstandby.copy.PageFormat;
import io.github.bdbstandby.copy.PlainCopier;
import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.libdb.LogFile;
import io.github.bdbstandby.procedure.DbConfig;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The application's own files, DB_CONFIG first of all, and its directories. */
final class OtherFiles {
  private final StandbyDirectory standby;
  private final Source source;
  private final Manifest manifest;
  private final Layout layout;
  private final SyncWay way;
  private final CarriedConfig config;
  private final Map<String, String> stamps = new HashMap<>();
  private final List<OtherFile> left = new ArrayList<>();

  /** For one cycle. */
  OtherFiles(StandbyDirectory standby, Source source, Manifest manifest) {
    this.standby = standby;
    this.source = source;
    this.manifest = manifest;
    this.layout = Layout.parse(manifest.layout());
    this.way = new SyncWay(standby, source, manifest);
    this.config = new CarriedConfig(standby, source, manifest);
  }

  /** What tells that a file has changed at the source. */
  private static String stamp(long size, FileTime modified) {
    return size + "@" + modified.to(TimeUnit.NANOSECONDS);
  }

  private static String stamp(OtherFile file) {
    return stamp(file.size(), file.modified());
  }

  /**
   * The stamps of copies in a new image, which bear the time that their originals had before they
   * were copied: what changed meanwhile is refreshed by the next sync. DB_CONFIG is not byte for
   * byte the source's, so it has none yet.
   */
  static Map<String, String> stampsOfCopies(Path image, Map<String, Manifest.FileAtRest> copied)
      throws IOException {
    Map<String, String> stamps = new HashMap<>();
    for (String name : copied.keySet()) {
      Path copy = image.resolve(FileNames.toPath(name));
      if (name.equals(DbConfig.FILE)) {
        continue;
      }
      try {
        BasicFileAttributes now = Files.readAttributes(copy, BasicFileAttributes.class);
        stamps.put(name, stamp(now.size(), now.lastModifiedTime()));
      } catch (NoSuchFileException e) {
        // recovery removes databases that were removed
      }
    }
    return stamps;
  }

  /** Those that have changed, by where they would be written. */
  Map<Path, OtherFile> coming(EnvironmentFiles files) {
    Map<Path, OtherFile> coming = new LinkedHashMap<>();
    for (OtherFile file : own(files)) {
      if (isChanged(file)) {
        coming.put(target(file), file);
      }
    }
    return coming;
  }

  /** What the next cycle would bring, DB_CONFIG too, and what tells it from later changes. */
  Map<Path, String> due(EnvironmentFiles files) throws IOException {
    Map<Path, String> due = new HashMap<>();
    coming(files).forEach((place, file) -> due.put(place, stamp(file)));
    config
        .due(hasConfig(files))
        .ifPresent(text -> due.put(standby.home().resolve(DbConfig.FILE), text));
    return due;
  }

  private static boolean hasConfig(EnvironmentFiles files) {
    return files.others().stream().anyMatch(OtherFiles::isConfig);
  }

  /**
   * Without DB_CONFIG, and without log files where the source has none any more, and the standby
   * has its own.
   */
  private List<OtherFile> own(EnvironmentFiles files) {
    Path logs = standby.target(manifest).logDirectory();
    return files.others().stream()
        .filter(file -> !isConfig(file))
        .filter(file -> !logs.equals(target(file).getParent()) || !isLog(file))
        .toList();
  }

  private static boolean isConfig(OtherFile file) {
    return file.relative().equals(Path.of(DbConfig.FILE));
  }

  private static boolean isLog(OtherFile file) {
    return LogFile.numberOf(file.relative().getFileName().toString()).isPresent();
  }

  private boolean isChanged(OtherFile file) {
    Manifest.FileAtRest known = manifest.files().get(FileNames.toName(place(file)));
    return known == null
        || !stamp(file).equals(known.source())
        || Files.isDirectory(target(file)); // by a cycle that was cut off
  }

  private Path place(OtherFile file) {
    return layout.place(file.relative(), source.dataDirectories());
  }

  private Path target(OtherFile file) {
    return standby.home().resolve(place(file));
  }

  /** Brings the application's own files and new directories along; recovery may need the latter. */
  void refresh() throws IOException {
    EnvironmentFiles files = source.files();
    way.check(files); // what has changed since the first look
    for (Path directory : files.directories()) {
      if (layout.has(directory, source.dataDirectories())) {
        Path place = standby.home().resolve(layout.place(directory, source.dataDirectories()));
        for (Path file : Way.inDirectorysWay(place)) {
          DurableFiles.delete(file);
        }
        if (!Files.isDirectory(place)) {
          DurableFiles.createDirectories(place);
          FileModes.sameDirectory(source.home().resolve(directory), place);
        }
      }
    }
    refresh(own(files));
    config.refresh(hasConfig(files));
  }

  /** Brings those whose name a database had in the standby, if recovery has given it another. */
  void refreshLeft() throws IOException {
    List<OtherFile> again = List.copyOf(left);
    left.clear();
    refresh(again);
  }

  /** The DB_CONFIG that was brought. */
  CarriedConfig config() {
    return config;
  }

  /** The stamps of what was brought. */
  Map<String, String> stamps() {
    return stamps;
  }

  private void refresh(List<OtherFile> others) throws IOException {
    for (OtherFile file : others) {
      if (!isChanged(file)) {
        continue;
      }
      Path target = target(file);
      if (isDatabase(target)) {
        left.add(file);
        continue;
      }
      try {
        copy(file, target);
        stamps.put(FileNames.toName(place(file)), stamp(file));
      } catch (NoSuchFileException e) {
        // removed since it was listed; the standby keeps what it has
      }
    }
  }

  private static boolean isDatabase(Path place) throws IOException {
    return Files.isRegularFile(place) && PageFormat.of(place).isPresent();
  }

  private void copy(OtherFile file, Path target) throws IOException {
    Path temporary = DurableFiles.temporary(target);
    try {
      // What it has grown by since it was listed comes with the next cycle: its stamp tells.
      PlainCopier.copy(file.path(), temporary, file.size(), CopyProgress.NONE);
      FileModes.same(file.path(), temporary);
    } catch (IOException e) {
      Cleanup.after(e, () -> Files.deleteIfExists(temporary));
      throw e;
    }
    Files.setLastModifiedTime(temporary, FileTime.from(file.modified().toInstant()));
    Way.free(target, way::isOther);
    DurableFiles.rename(temporary, target);
  }
}
