package io.github.bdbstandby.standby;

import io.github.bdbstandby.libdb.FileNames;
import io.github.bdbstandby.procedure.Cycle;
import io.github.bdbstandby.procedure.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifest of an image that a snapshot has made and recovered: of a standby, once it is
 * switched to.
 */
record ImageManifest(
    StandbyDirectory standby, SourceRequest request, Keeping keeping, Cycle cycle) {

  /**
   * Sums what recovery has changed, and waits until nothing of it is in doubt.
   *
   * @param hold which the source has
   * @param old the one that it replaces
   * @param known of the copies, from before they were recovered
   */
  Manifest of(Manifest.Hold hold, Optional<Manifest> old, Map<String, Manifest.FileAtRest> known)
      throws IOException {
    Source source = cycle.source();
    Path image = cycle.target().home();
    Map<String, String> sources = OtherFiles.stampsOfCopies(image, known);
    Map<String, Manifest.FileAtRest> files =
        FilesAtRest.list(
            image,
            cycle.target().logDirectory(),
            Optional.of(Originals.of(source, keeping.layout())),
            known,
            sources,
            cycle.pageWrites(),
            true);
    FilesAtRest.settle(files);
    String now = Manifest.now();
    return new Manifest(
        Manifest.FORMAT,
        Manifest.STANDBY,
        Math.max(
            old.map(Manifest::epoch).orElse(1L),
            ManifestFile.read(new StandbyDirectory(source.home()).manifest())
                .map(Manifest::epoch)
                .orElse(1L)),
        new Manifest.SourceIdentity(
            FileNames.toName(source.home().toRealPath()),
            request.options().dataDirectories(),
            request.options().logDirectory().orElse(null),
            Manifest.SourceIdentity.logDirectory(source),
            source.encrypted()),
        keeping.procedure().word(),
        keeping.archive().map(Manifest::archive).orElse(null),
        keeping.layout().word(),
        cycle.copyMethod().word(),
        FileNames.toName(image.relativize(cycle.target().logDirectory())),
        cycle.log().nextFirstNeeded(),
        Manifest.Position.of(cycle.recoveredTo()),
        hold,
        Manifest.promotedConfig(source.promotedConfig(keeping.layout(), cycle.target())),
        FilesAtRest.toBeMoved(standby.home(), files),
        now,
        now,
        null, // no drill has been made of it
        List.copyOf(keeping.ownOrder()),
        List.copyOf(cycle.log().stops().lost().keySet()));
  }
}
