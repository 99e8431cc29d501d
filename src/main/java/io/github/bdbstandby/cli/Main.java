package io.github.bdbstandby.cli;

import io.github.bdbstandby.standby.Standby;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code bdb-standby}: a hot standby of a Berkeley DB environment. */
@Command(
    name = "bdb-standby",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Keeps a hot standby of a Berkeley DB 5.3 environment: copies its database files while it is"
          + " in use, follows its log, and takes over when it is lost.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, the standby still recovers to where it was",
      "2:usage",
      "3:refused before anything was changed",
      "4:a new snapshot is needed, the standby was not touched",
      "5:verification found damage",
      "130, 143:stopped by a signal, cleanly"
    })
public sealed class Main permits Main.WithCommands {
  @Option(
      names = {"-v"},
      scope = CommandLine.ScopeType.INHERIT,
      description = "Say more on standard error.")
  @SuppressWarnings("UnusedVariable") // main looks for it before anything is parsed
  private boolean verbose;

  private Main() {}

  /** Runs one command and ends the process. */
  public static void main(String[] args) {
    Arguments.unreadable(args)
        .ifPresent(
            argument -> {
              String message = "not UTF-8, so that it can't be told what it names: " + argument;
              String hint = "give it as UTF-8, or give another name that leads there, as a link";
              System.err.println("bdb-standby: " + message);
              System.err.println("bdb-standby: " + hint);
              Troubles.in(args).usage(NamesWriter.on(System.out), args[0], message, hint);
              System.exit(ExitCode.USAGE);
            });
    prepare(args);
    Signals signals = Signals.interrupting(Thread.currentThread(), 2, TimeUnit.SECONDS);
    int code = run(args);
    signals.finished();
    System.exit(code);
  }

  /** To be called once, before the first logger is made. */
  static void prepare(String... args) {
    Logging.choose(List.of(args));
    // JNA would run ldconfig to know where libraries are; what is loaded here needs no search.
    System.setProperty("jna.platform.library.path", "");
    Warming.begin();
  }

  static int run(String... args) {
    CommandLine command = commandLine(args);
    command.setOut(NamesWriter.on(System.out));
    command.setErr(NamesWriter.on(System.err));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setUsageHelpLongOptionsMaxWidth(30);
    command.setExpandAtFiles(false); // a name may begin so
    // As a script's variable that is not set would be: it would be the directory that we are in.
    command.registerConverter(Path.class, Main::path);
    Troubles troubles = Troubles.in(args);
    command.setParameterExceptionHandler((e, arguments) -> troubles.usage(e));
    command.setExecutionExceptionHandler((e, at, parsed) -> troubles.unforeseen(at, e));
    if (args.length == 0) {
      command.usage(command.getErr());
      return ExitCode.USAGE;
    }
    try {
      return troubles.heard(command, command.execute(args));
    } catch (LinkageError | OutOfMemoryError e) { // no libdb, as an example
      return troubles.unforeseen(command.getSubcommands().getOrDefault(args[0], command), e);
    }
  }

  private static Path path(String name) {
    if (name.isEmpty()) {
      throw new TypeConversionException("no path: it is empty");
    }
    return Path.of(name);
  }

  /** With the command that is asked for alone, if one is: reading all of them takes a while. */
  private static CommandLine commandLine(String... args) {
    if (args.length > 0) {
      for (Class<?> each : WithCommands.class.getAnnotation(Command.class).subcommands()) {
        if (each.getAnnotation(Command.class).name().equals(args[0])) {
          return new CommandLine(new Main()).addSubcommand(each);
        }
      }
    }
    return new CommandLine(new WithCommands());
  }

  /** The whole command line. */
  @Command(
      subcommands = {
        ListCommand.class,
        SnapshotCommand.class,
        SyncCommand.class,
        FollowCommand.class,
        FailoverCommand.class,
        RecoverCommand.class,
        StatusCommand.class,
        VerifyCommand.class,
        DemoCommand.class
      })
  public static final class WithCommands extends Main {}

  /** This tool's version, the shim's and libdb's. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      // The jar's manifest has it, and is not looked at where the jar is a module.
      String version =
          Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
              .or(
                  () ->
                      Optional.ofNullable(Main.class.getModule().getDescriptor())
                          .flatMap(ModuleDescriptor::rawVersion))
              .orElse("(unpackaged)");
      return new String[] {"bdb-standby " + version, Standby.nativeVersion()};
    }
  }
}
