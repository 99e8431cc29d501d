package io.github.bdbstandby.model;

import io.github.bdbstandby.procedure.Procedure;
import java.util.List;

/**
 * The first line of a script: what the source is.
 *
 * @param environment a folder of test-envs
 * @param logSize bytes of a log file
 * @param autoRemove whether libdb removes log files by itself
 */
record Setting(String environment, int logSize, Procedure procedure, boolean autoRemove) {
  private static final String AUTO_REMOVE = "auto-remove";

  static Setting parse(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    if (!words.get(0).equals("environment") || words.size() < 4) {
      throw new IllegalArgumentException(
          "environment NAME LOG-SIZE PROCEDURE [" + AUTO_REMOVE + "] comes first: " + line);
    }
    return new Setting(
        words.get(1),
        Integer.parseInt(words.get(2)),
        Procedure.parse(words.get(3)),
        words.size() > 4 && words.get(4).equals(AUTO_REMOVE));
  }

  @Override
  public String toString() {
    return "environment "
        + environment
        + " "
        + logSize
        + " "
        + procedure.word()
        + (autoRemove ? " " + AUTO_REMOVE : "");
  }
}
