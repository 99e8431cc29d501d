package io.github.bdbstandby.release;

import io.github.bdbstandby.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes bdb-standby(1) from the command line's own model, in man(7)'s macros. The build runs this
 * file as it is, so all of it is in one class.
 */
public final class ManPage {
  private static final String[][] ENVIRONMENT = {
    {"DB_HOME", "The source, where --home is not given."},
    {"JAVA_HOME", "The Java runtime to use, 17 or later; else the java of PATH."},
    {"BDB_STANDBY_JAVA_OPTS", "More options for the Java runtime, such as -Xmx1g."},
  };
  private static final String[][] FILES = {
    {"/etc/bdb-standby/NAME.conf", "The standby that systemd's units know as NAME."},
    {"STANDBY/.bdb-standby/", "All that is ours in a standby; the rest is a Berkeley DB home."},
  };

  private final CommandSpec program;
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec program) {
    this.program = program;
  }

  /** Arguments: the program's version, the time of the build in ISO 8601, the file to write. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[2]), text(args[0], args[1].substring(0, 10)));
  }

  /**
   * The page.
   *
   * @param version the program's
   * @param date of the release, YYYY-MM-DD
   */
  public static String text(String version, String date) {
    return new ManPage(new CommandLine(Main.WithCommands.class).getCommandSpec())
        .write(version, date);
  }

  private String write(String version, String date) {
    List<CommandSpec> commands = commands();
    Set<String> common = common(commands);
    String name = program.name();
    String source = name + " " + version;
    line(".TH BDB\\-STANDBY 1 " + quoted(date) + quoted(source) + quoted("User Commands"));
    line(".nh");
    line(".ad l");
    section("NAME");
    text(name + " - hot failover for Berkeley DB 5.3");
    section("SYNOPSIS");
    line(".B " + escape(name));
    text("COMMAND [OPTIONS]");
    section("DESCRIPTION");
    text(joined(program.usageMessage().description()));
    section("COMMANDS");
    for (CommandSpec command : commands) {
      line(".SS " + escape(command.name()));
      text(synopsis(command, common));
      line(".PP");
      text(joined(command.usageMessage().description()));
      options(command, option -> !common.contains(option.longestName()));
    }
    section("OPTIONS OF EVERY COMMAND");
    options(commands.get(0), option -> common.contains(option.longestName()));
    section("EXIT STATUS");
    program
        .usageMessage()
        .exitCodeList()
        .forEach((code, meaning) -> entry("\\fB" + escape(code.strip()) + "\\fR", meaning));
    entries("ENVIRONMENT", ENVIRONMENT);
    entries("FILES", FILES);
    section("SEE ALSO");
    line(".BR db5.3_recover (1),");
    line(".BR db5.3_archive (1),");
    line(".BR db5.3_hotbackup (1)");
    return page.toString();
  }

  private List<CommandSpec> commands() {
    return program.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** The names of the options that every command has. */
  private static Set<String> common(List<CommandSpec> commands) {
    Set<String> names = null;
    for (CommandSpec command : commands) {
      Set<String> own =
          command.options().stream().map(OptionSpec::longestName).collect(Collectors.toSet());
      if (names == null) {
        names = new TreeSet<>(own);
      } else {
        names.retainAll(own);
      }
    }
    return names == null ? Set.of() : names;
  }

  /** As in the command's own help, but for what all have. */
  private static String synopsis(CommandSpec command, Set<String> common) {
    String own =
        new Help(command, Help.defaultColorScheme(Ansi.OFF))
            .detailedSynopsis(0, null, false)
            .replaceAll("\\s+", " ");
    Set<String> left = new LinkedHashSet<>();
    for (OptionSpec option : command.options()) {
      if (common.contains(option.longestName())) {
        left.addAll(List.of(option.names()));
      }
    }
    for (String each : left) {
      own = own.replace(" [" + each + "]", "");
    }
    return own.replaceAll(" \\[-[hvV]+\\]", "").strip();
  }

  private void options(CommandSpec command, Predicate<? super OptionSpec> wanted) {
    for (OptionSpec option : command.options()) {
      if (!option.hidden() && wanted.test(option)) {
        StringBuilder term = new StringBuilder();
        for (String each : option.names()) {
          term.append(term.length() == 0 ? "" : ", ").append("\\fB").append(escape(each));
          term.append("\\fR");
        }
        if (option.arity().max() > 0) {
          term.append(" \\fI").append(escape(option.paramLabel())).append("\\fR");
        }
        entry(term.toString(), joined(option.description()));
      }
    }
  }

  private void entries(String title, String[][] entries) {
    section(title);
    for (String[] each : entries) {
      entry("\\fI" + escape(each[0]) + "\\fR", each[1]);
    }
  }

  private void section(String title) {
    line(".SH " + quoted(title));
  }

  private static String quoted(String argument) {
    return '"' + escape(argument) + "\" ";
  }

  private void entry(String term, String text) {
    line(".TP");
    line(term);
    text(text);
  }

  private void text(String text) {
    line(escape(text));
  }

  private void line(String line) {
    page.append(line).append('\n');
  }

  private static String joined(String[] paragraphs) {
    return List.of(paragraphs).stream()
        .map(each -> Ansi.OFF.string(each).strip())
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /** Text as troff takes it: a hyphen that can be copied, no requests, ASCII alone. */
  private static String escape(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .forEach(
            c ->
                safe.append(
                    Map.of((int) '\\', "\\e", (int) '-', "\\-", (int) '\'', "\\(aq")
                        .getOrDefault(
                            c, c < 128 ? Character.toString(c) : String.format("\\[u%04X]", c))));
    return safe.length() > 0 && safe.charAt(0) == '.' ? "\\&" + safe : safe.toString();
  }
}
