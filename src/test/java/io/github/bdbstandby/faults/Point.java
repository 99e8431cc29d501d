package io.github.bdbstandby.faults;

/**
 * One file operation of a command.
 *
 * @param name what is done to what, such as {@code rename standby/manifest.json}
 * @param occurrence which of that name, from 1
 */
record Point(String name, int occurrence) {
  /** As the library wants it. */
  String at() {
    return name + "#" + occurrence;
  }

  String operation() {
    return name.substring(0, name.indexOf(' '));
  }
}
