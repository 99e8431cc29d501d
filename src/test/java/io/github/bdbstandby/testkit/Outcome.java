package io.github.bdbstandby.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a command said.
 *
 * @param nativeErr what went to descriptor 2 past System.err
 */
public record Outcome(int code, String out, String err, String nativeErr) {

  /** The one JSON object that is all of standard output. */
  public JsonNode json() {
    assertThat(out.lines()).as("standard output of %s", this).hasSize(1);
    try {
      return new ObjectMapper().readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out, e);
    }
  }

  /** Done, with nothing printed by libdb. */
  public JsonNode good() {
    assertThat(code).as("%s", this).isZero();
    assertThat(nativeErr).isEmpty();
    JsonNode json = json();
    assertThat(json.path("outcome").asText()).isEqualTo("ok");
    return json;
  }
}
