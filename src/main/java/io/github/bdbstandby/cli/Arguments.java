package io.github.bdbstandby.cli;

import io.github.bdbstandby.libdb.FileNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The command line as the kernel has it: in its place Java has a sign for what it can't read. */
final class Arguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final char UNREADABLE = '\uFFFD';

  private Arguments() {}

  /** The first argument with bytes that are not UTF-8, these escaped; empty if there is none. */
  static Optional<String> unreadable(String... args) {
    if (Arrays.stream(args).noneMatch(arg -> arg.indexOf(UNREADABLE) >= 0)) {
      return Optional.empty();
    }
    return raw(args.length).filter(arg -> !isUtf8(arg)).map(FileNames::escaped).findFirst();
  }

  private static Stream<String> raw(int count) {
    try {
      // Latin-1 keeps every byte; each argument ends with a zero.
      String line = Files.readString(COMMAND_LINE, StandardCharsets.ISO_8859_1);
      List<String> all = List.of(line.substring(0, line.length() - 1).split("\0", -1));
      return all.subList(Math.max(0, all.size() - count), all.size()).stream()
          .map(arg -> FileNames.decode(arg.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean isUtf8(String name) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(name);
  }
}
