package io.github.bdbstandby.badinput;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Outcome;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;

/** Runs one command after another: each line of standard input is the words of one, in JSON. */
final class CommandsMain {
  static final String ANSWER = "answer ";

  private CommandsMain() {}

  public static void main(String[] args) throws Exception {
    ObjectMapper json = new ObjectMapper();
    PrintStream out = System.out;
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Outcome outcome = Cli.run((Object[]) json.readValue(line, String[].class));
      out.println(ANSWER + json.writeValueAsString(outcome));
    }
  }
}
