package io.github.bdbstandby.model;

import java.util.List;
import java.util.stream.Collectors;

/** What is to happen, in order; as text, one step a line. */
record Script(Setting setting, List<Step> steps) {
  Script {
    steps = List.copyOf(steps);
  }

  /** Lines that are empty or begin with # say nothing. */
  static Script parse(List<String> lines) {
    List<String> said =
        lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    return new Script(Setting.parse(said.get(0)), said.stream().skip(1).map(Step::parse).toList());
  }

  /** Its beginning. */
  Script first(int count) {
    return new Script(setting, steps.subList(0, count));
  }

  boolean beginsWith(Script other) {
    return setting.equals(other.setting)
        && steps.size() >= other.steps.size()
        && steps.subList(0, other.steps.size()).equals(other.steps);
  }

  String text() {
    return setting + "\n" + steps.stream().map(step -> step + "\n").collect(Collectors.joining());
  }
}
