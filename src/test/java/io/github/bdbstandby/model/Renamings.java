package io.github.bdbstandby.model;

import io.github.bdbstandby.busy.Bank;
import io.github.bdbstandby.busy.Run;
import io.github.bdbstandby.busy.Temporary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What databases were called, as libdb's own program prints it from a log. */
final class Renamings {
  private static final Pattern CHECKPOINT =
      Pattern.compile(
          "__txn_ckp: .*\\n\\s+ckp_lsn: \\[(?<needed>\\d+)].*\\n.*\\n\\s+timestamp: (?<when>\\d+) ");

  /** One that an abort takes back, which is each that is not libdb's own of a placeholder. */
  private static final Pattern RENAMING =
      Pattern.compile(
          "\\[(?<log>\\d+)]\\[\\d+]__fop_rename: rec: 146 .*\\n"
              + "\\s+oldname: .* data: (?<from>.*)\\\\0\\n"
              + "\\s+newname: .* data: (?<to>.*)\\\\0\\n"
              + ".*\\n\\s+fileid: .* data: (?<id>\\p{XDigit}+)\\n");

  /** What libdb calls a file that it makes or removes. */
  private static final String PASSING = "__db.";

  private final List<Renaming> all = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();

  /**
   * A database file gets another name.
   *
   * @param log the number of the log file that says so
   */
  private record Renaming(long log, String id, String from, String to) {}

  /**
   * A checkpoint.
   *
   * @param needed the log file that recovery of what was copied after it begins with
   * @param seconds since 1970
   */
  private record Checkpoint(long needed, long seconds) {}

  private Renamings(String printed) {
    for (Matcher found = RENAMING.matcher(printed); found.find(); ) {
      all.add(
          new Renaming(
              Long.parseLong(found.group("log")),
              found.group("id"),
              found.group("from"),
              found.group("to")));
    }
    for (Matcher found = CHECKPOINT.matcher(printed); found.find(); ) {
      checkpoints.add(
          new Checkpoint(
              Long.parseLong(found.group("needed")), Long.parseLong(found.group("when"))));
    }
  }

  /**
   * Those in the log files of homes, of which the last one counts where several have a file. None
   * is joined: who had it open may have died.
   */
  static Renamings in(Path... homes) throws IOException {
    try (Temporary place = Temporary.directory()) {
      for (Path home : homes) {
        for (Path log : Bank.logsIn(home)) {
          copy(log, place.resolve(log.getFileName().toString()));
        }
      }
      return new Renamings(Run.of("db5.3_printlog", "-h", place.path().toString()).good().out());
    }
  }

  private static void copy(Path log, Path to) throws IOException {
    try {
      Files.copy(log, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      // removed meanwhile, so that no recovery needs it
    }
  }

  /**
   * Whether recovery of a copy may lose a database.
   *
   * @param micros when the copy was begun, since 1970
   */
  boolean mayLoseFromCopy(long micros) {
    return mayLose(
        checkpoints.stream()
            .filter(each -> each.seconds() < micros / 1_000_000)
            .mapToLong(Checkpoint::needed)
            .max()
            .orElse(0));
  }

  /**
   * Whether a database was renamed twice, from a log file on, and another has had since a name that
   * it had: recovery that begins there may lose it.
   */
  boolean mayLose(long first) {
    return twiceRenamed(first)
        .anyMatch(
            each ->
                all.stream()
                    .skip(all.indexOf(each))
                    .anyMatch(
                        later -> !later.id().equals(each.id()) && later.to().equals(each.from())));
  }

  /**
   * Whether any was renamed: libdb's own recovery after another that was cut off, and had renamed
   * it by then, loses what was written to it before.
   */
  boolean any() {
    return all.stream().anyMatch(each -> !each.from().startsWith(PASSING));
  }

  /**
   * Whether one was renamed twice, and it or another has had since a name that it had: libdb's own
   * recovery of what has come to these names may lose it.
   */
  boolean mayLoseByLibdb() {
    return twiceRenamed(0)
        .anyMatch(
            each ->
                all.stream()
                    .skip(all.indexOf(each))
                    .anyMatch(later -> later.to().equals(each.from())));
  }

  /** The renamings of databases that are there and have two or more, from a log file on. */
  private Stream<Renaming> twiceRenamed(long first) {
    Map<String, String> called = new HashMap<>();
    Map<String, List<Renaming>> ofEach = new HashMap<>();
    for (Renaming each : all) {
      called.put(each.id(), each.to());
      if (each.log() >= first && !each.from().startsWith(PASSING)) {
        ofEach.computeIfAbsent(each.id(), id -> new ArrayList<>()).add(each);
      }
    }
    return ofEach.entrySet().stream()
        .filter(each -> !called.get(each.getKey()).startsWith(PASSING))
        .map(Map.Entry::getValue)
        .filter(renamings -> renamings.size() > 1)
        .flatMap(List::stream);
  }
}
