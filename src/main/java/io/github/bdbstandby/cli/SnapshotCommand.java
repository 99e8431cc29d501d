package io.github.bdbstandby.cli;

import io.github.bdbstandby.copy.CopyLimits;
import io.github.bdbstandby.copy.CopyMethod;
import io.github.bdbstandby.procedure.Layout;
import io.github.bdbstandby.procedure.Procedure;
import io.github.bdbstandby.standby.SnapshotOptions;
import io.github.bdbstandby.standby.SourceRequest;
import io.github.bdbstandby.standby.Standby;
import io.github.bdbstandby.standby.StandbyException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    description =
        "Takes every step of the procedure: copies the database files of an active environment, then"
            + " its log files, then runs catastrophic recovery. The standby directory is absent,"
            + " empty, or already a standby of this environment, which serves until the new one is"
            + " whole.")
final class SnapshotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SourceOptions source;

  @Mixin private StandbyOption standby;

  @Option(
      names = "--procedure",
      paramLabel = "copy|archive",
      description =
          "copy: log files stay at the source. archive: inactive ones are moved out of it into the"
              + " archive, and those that the standby no longer needs likewise. Default: what the standby"
              + " is kept by so far, with its archive; copy for a first snapshot.")
  private String procedure;

  @Option(
      names = "--archive",
      paramLabel = "A",
      description =
          "Where log files are archived; needed with --procedure archive, and for nothing else.")
  private Path archive;

  @Option(
      names = "--copy",
      paramLabel = "METHOD",
      defaultValue = "auto",
      description =
          "How database files are read: auto, reflink, direct or coordinated. auto takes the fastest"
              + " that never tears a page on that file system, or refuses. Default: auto.")
  private String copy;

  @Option(
      names = "--layout",
      paramLabel = "mirror|flat",
      description =
          "mirror keeps the data directories' places, flat puts all in one. Default: what the standby"
              + " has so far; mirror for a first snapshot.")
  private String layout;

  @Option(names = "--checkpoint", description = "Force a checkpoint in the source first.")
  private boolean checkpoint;

  @Option(
      names = "--rate-limit",
      paramLabel = "BYTES",
      converter = Rates.class,
      defaultValue = "0",
      description =
          "Copy databases no faster than so many bytes a second: 500k, 20M, 1G. Default: no limit.")
  private long rate;

  @Option(
      names = "--dry-run",
      description = "Print what each step would do, with files and bytes; change nothing.")
  private boolean dryRun;

  @Mixin private OwnOrderOption ownOrder = new OwnOrderOption();

  @Mixin private PassiveOption passive = new PassiveOption();

  @Mixin private Reporting reporting;

  @Override
  public Integer call() {
    SnapshotOptions options = options();
    Standby target = standby.standby();
    if (dryRun) {
      return reporting.run(
          () -> target.planSnapshot(request(), options),
          plans -> CycleOutput.plan(reporting, "snapshot", plans));
    }
    try (Progress progress = Progress.onTerminal(reporting)) {
      return reporting.run(
          () -> target.snapshot(request(), options, progress),
          report -> {
            progress.close();
            CycleOutput.report(reporting, report);
          });
    }
  }

  private SourceRequest request() {
    SourceRequest request = source.required();
    return passive.isPassive() ? request.passively() : request;
  }

  private SnapshotOptions options() {
    if (passive.isPassive() && (checkpoint || "archive".equals(procedure))) {
      throw new ParameterException(
          spec.commandLine(),
          "--passive only reads: no --checkpoint, and no --procedure archive with it");
    }
    Optional<String> said = Optional.ofNullable(procedure);
    Optional<Path> place = Optional.ofNullable(archive).map(Path::toAbsolutePath);
    if (place.isPresent() && said.isEmpty()) {
      said = archiveSoFar().map(known -> "archive");
    } else if (place.isEmpty() && said.equals(Optional.of("archive"))) {
      place = archiveSoFar();
    }
    try {
      Optional<CopyMethod> method = CopyMethod.parse(copy);
      return new SnapshotOptions(
          said.map(Procedure::parse),
          place,
          method,
          Optional.ofNullable(layout).map(Layout::parse),
          checkpoint,
          new CopyLimits(rate, CopyLimits.NONE.bufferBytes()),
          ownOrder.names());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  /** What the standby remembers, if it is one that is kept by the long procedure. */
  private Optional<Path> archiveSoFar() {
    try {
      return standby.standby().status().archive();
    } catch (StandbyException e) {
      return Optional.empty(); // the snapshot says what is wrong there
    }
  }

  /** Bytes a second as people write them. */
  static final class Rates implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})([kMG]?)");

    @Override
    public Long convert(String value) {
      Matcher matcher = FORM.matcher(value);
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + value + "' is no rate such as 500k, 20M or 1G");
      }
      int shift =
          switch (matcher.group(2)) {
            case "k" -> 10;
            case "M" -> 20;
            case "G" -> 30;
            default -> 0;
          };
      return Long.parseLong(matcher.group(1)) << shift;
    }
  }
}
