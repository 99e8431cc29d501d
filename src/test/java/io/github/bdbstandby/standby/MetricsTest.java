package io.github.bdbstandby.standby;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.bdbstandby.cli.Cli;
import io.github.bdbstandby.testkit.Child;
import io.github.bdbstandby.testkit.Outcome;
import io.github.bdbstandby.testkit.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower tells of itself while it runs, asked over HTTP as a monitoring system asks. */
final class MetricsTest {
  private static final Pattern ADDRESS = Pattern.compile("http://[^ ]+:\\d+");

  @TempDir Path work;
  private final HttpClient http = HttpClient.newHttpClient();
  private Path home;
  private Path standby;
  private String address;

  @BeforeEach
  void places() throws Exception {
    home = work.resolve("home");
    standby = work.resolve("standby");
    Writer.init(home);
    Cli.json("snapshot", "--home", home, "--standby", standby).good();
  }

  private Child follow(Object... more) throws Exception {
    List<Object> words = new ArrayList<>(List.of("follow", "--standby", standby, "--json"));
    words.addAll(List.of("--metrics-port", 0));
    words.addAll(List.of(more));
    Child follower = Cli.start(words.toArray());
    Matcher found = ADDRESS.matcher(follower.awaitError("metrics at "));
    assertThat(found.find()).isTrue();
    address = found.group();
    return follower;
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofMinutes(4))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The value of a meter of this standby, in a scrape of its own. */
  private double meter(String name, String... tags) throws Exception {
    HttpResponse<String> scrape = ask("GET", "/metrics");
    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(scrape.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    for (String line : scrape.body().lines().toList()) {
      if (line.startsWith("bdb_standby_" + name + "{")
          && line.contains("standby=\"" + standby + "\"")
          && List.of(tags).stream().allMatch(line::contains)) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    throw new AssertionError(name + " is not in " + scrape.body());
  }

  private JsonNode health(int code, String reason) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (true) {
      HttpResponse<String> seen = ask("GET", "/healthz");
      JsonNode json = new ObjectMapper().readTree(seen.body());
      if (seen.statusCode() == code && json.path("reason").asText().equals(reason)) {
        assertThat(json.path("status").asText()).isEqualTo(code == 200 ? "ok" : "unhealthy");
        return json;
      }
      assertThat(System.nanoTime()).as("%s %s", seen, json).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private JsonNode status() throws Exception {
    return Cli.json("status", "--standby", standby).good();
  }

  @Test
  void metersFollowTheStandby() throws Exception {
    Instant begun = Instant.now();
    try (Child follower = follow("--interval", "100ms")) {
      health(200, "");
      assertThat(meter("source_available")).isEqualTo(1);
      assertThat(meter("epoch")).isEqualTo(status().path("epoch").asDouble());
      double shippedBefore = meter("shipped_bytes_total");
      JsonNode before = status();
      Writer.work(home, 500);
      follower.awaitLines("{", 2);
      awaitLevel();
      JsonNode after = status();
      assertThat(meter("recovered_file")).isEqualTo(place(after, "recoveredTo", "file"));
      assertThat(meter("recovered_offset")).isEqualTo(place(after, "recoveredTo", "offset"));
      assertThat(meter("shipped_to_file")).isEqualTo(place(after, "shippedTo", "file"));
      assertThat(meter("shipped_to_offset")).isEqualTo(place(after, "shippedTo", "offset"));
      assertThat(meter("behind_seconds")).isZero();
      assertThat(meter("unshipped_bytes")).isZero();
      assertThat(meter("shipped_bytes_total") - shippedBefore)
          .isGreaterThanOrEqualTo(
              place(after, "recoveredTo", "offset") - place(before, "recoveredTo", "offset"));
      awaitAllCounted();
      assertThat(meter("cycle_seconds_count")).isGreaterThanOrEqualTo(2);
      assertThat(meter("cycles_total", "outcome=\"failed\"")).isZero();
      assertThat(meter("last_good_cycle_timestamp_seconds"))
          .isBetween(begun.toEpochMilli() / 1e3, Instant.now().toEpochMilli() / 1e3);
      assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
      assertThat(ask("GET", "/metrics/more").statusCode()).isEqualTo(404);
      assertThat(ask("HEAD", "/healthz").body()).isEmpty();
      Child.Ended ended = follower.stop();
      assertThat(ended.code()).as("%s", ended).isEqualTo(143);
      assertThat(ended.err())
          .contains("follow-started standby=\"" + standby + "\"")
          .contains("source-joined")
          .contains("follow-stopped");
    }
  }

  private static double place(JsonNode status, String what, String part) {
    return status.path(what).path(part).asDouble();
  }

  private void awaitLevel() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (meter("behind_bytes") > 0
        || place(status(), "recoveredTo", "offset") != meter("recovered_offset")) {
      assertThat(System.nanoTime()).as("%s", status()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  /** Each cycle in both: one may end between two looks. */
  private void awaitAllCounted() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (meter("cycle_seconds_count") != meter("cycles_total", "outcome=\"ok\"")) {
      assertThat(System.nanoTime()).as("%s", status()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  /** It is noted after it is told. */
  private void awaitLastError() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (status().path("lastError").isMissingNode()) {
      assertThat(System.nanoTime()).as("%s", status()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private void awaitGoodCycle() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
    while (!status().path("lastError").path("goodCycleSince").asBoolean()) {
      assertThat(System.nanoTime()).as("%s", status()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  @Test
  void aSourceThatGoesAndComes() throws Exception {
    try (Child follower = follow("--interval", "100ms")) {
      health(200, "");
      Path away = work.resolve("away");
      Files.move(home, away);
      JsonNode unwell = health(503, "source-away");
      assertThat(unwell.path("message").asText()).contains(home.toString());
      assertThat(unwell.path("sourceAvailable").asBoolean()).isFalse();
      assertThat(meter("source_available")).isZero();
      awaitLastError();
      assertThat(status().path("lastError").path("goodCycleSince").asBoolean(true)).isFalse();
      Files.move(away, home);
      health(200, "");
      assertThat(meter("source_available")).isEqualTo(1);
      Writer.work(home, 100);
      awaitGoodCycle();
      assertThat(status().path("lastError").path("reason").asText()).isEqualTo("no-environment");
      follower.awaitError("source-away");
      assertThat(follower.awaitError("source-back")).contains("awaySeconds=");
    }
  }

  @Test
  void aSnapshotForWantOfLog() throws Exception {
    Writer.work(home, 3000);
    Writer.run("checkpoint", home);
    Writer.run("archive", home, "--remove");
    try (Child follower = follow()) {
      assertThat(follower.awaitLine("{")).contains("copy-databases");
      health(200, "");
      assertThat(meter("snapshots_total", "reason=\"log-gap\"")).isEqualTo(1);
      assertThat(meter("cycles_total", "outcome=\"snapshot-needed\"")).isEqualTo(1);
      assertThat(follower.awaitError("snapshot-taken")).contains("why=\"log-gap\"");
      JsonNode error = status().path("lastError");
      assertThat(error.path("reason").asText()).isEqualTo("log-gap");
      assertThat(error.path("goodCycleSince").asBoolean()).isTrue();
    }
  }

  @Test
  void tooFarBehind() throws Exception {
    try (Child follower = follow("--interval", "1h", "--healthy-behind", "1s")) {
      health(200, "");
      Writer.work(home, 20);
      follower.awaitLine("{"); // the next one is an hour away
      Writer.work(home, 20);
      JsonNode unwell = health(503, "behind");
      assertThat(unwell.path("behindSeconds").asLong()).isGreaterThan(1);
      assertThat(unwell.path("behindBytes").asLong()).isPositive();
    }
  }

  @Test
  void drillsWhileItFollows() throws Exception {
    try (Child application = Writer.start(home, "--seconds", "0", "--rate", "200");
        Child follower = follow("--drill-interval", "1s", "--interval", "200ms")) {
      assertThat(follower.awaitError("events: drill")).contains("outcome=\"ok\"");
      String first = status().path("lastDrill").path("at").asText();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
      while (status().path("lastDrill").path("at").asText().equals(first)) {
        assertThat(System.nanoTime()).isLessThan(end);
      }
      follower.awaitLines("{", 3);
      assertThat(meter("last_drill_ok")).isEqualTo(1);
      assertThat(application.isAlive()).isTrue();
      health(200, "");
    }
    JsonNode drill = status().path("lastDrill");
    assertThat(drill.path("outcome").asText()).isEqualTo("ok");
    assertThat(drill.path("records").asLong()).isPositive();
    Cli.json("failover", "--standby", standby).good();
    Writer.run("check", standby);
  }

  @Test
  void aDrillThatFoundDamageIsNotForgotten() throws Exception {
    Path manifest = standby.resolve(".bdb-standby/manifest.json");
    Manifest known = ManifestFile.read(manifest).orElseThrow();
    ManifestFile.write(
        manifest,
        known.with(
            new Manifest.Drill(
                Manifest.now(), Manifest.Drill.DAMAGED, 1, 2, 0.5, known.recoveredTo())));
    try (Child follower = follow()) {
      health(503, "damaged");
      assertThat(meter("last_drill_ok")).isZero();
      assertThat(follower.isAlive()).isTrue();
    }
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Outcome outcome =
          Cli.json("follow", "--standby", standby, "--metrics-port", taken.getLocalPort());
      assertThat(outcome.code()).isEqualTo(1); // it may be free, or the network up, a little later
      assertThat(outcome.json().path("reason").asText()).isEqualTo("io-error");
      assertThat(outcome.err()).contains(String.valueOf(taken.getLocalPort()));
    }
    assertThat(Cli.run("follow", "--standby", standby, "--metrics-port", 70_000).code())
        .isEqualTo(2);
  }
}
