package io.github.bdbstandby.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that many tests give, as words. */
public final class Words {
  private Words() {}

  /** A snapshot by the long procedure. */
  public static Object[] archiving(Path home, Path standby, Path archive, Object... more) {
    List<Object> words = new ArrayList<>(List.of("snapshot", "--home", home, "--standby", standby));
    words.addAll(List.of("--procedure", "archive", "--archive", archive));
    words.addAll(List.of(more));
    return words.toArray();
  }
}
