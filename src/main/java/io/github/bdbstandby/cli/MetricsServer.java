package io.github.bdbstandby.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.bdbstandby.standby.FollowHealth;
import io.github.bdbstandby.standby.FollowMonitor;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers {@code /metrics} and {@code /healthz} on threads of its own. What asks slowly or not at
 * all holds up nobody but those who ask.
 */
final class MetricsServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BACKLOG = 16;
  private static final String MOST_SECONDS = "10";

  private final HttpServer server;
  private final ExecutorService threads;
  private final PrometheusMeterRegistry registry;
  private final FollowMonitor monitor;

  /**
   * Starts it.
   *
   * @throws IOException if it can't listen there
   */
  MetricsServer(InetSocketAddress address, PrometheusMeterRegistry registry, FollowMonitor monitor)
      throws IOException {
    // Of the JDK's server, for the whole process; else a client that sends nothing keeps a thread.
    System.setProperty("sun.net.httpserver.maxReqTime", MOST_SECONDS);
    System.setProperty("sun.net.httpserver.maxRspTime", MOST_SECONDS);
    this.registry = registry;
    this.monitor = monitor;
    this.server = HttpServer.create(address, BACKLOG);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              Thread thread = new Thread(work, "bdb-standby-metrics");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "GET or HEAD only\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/metrics" ->
            send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
        case "/healthz" -> {
          FollowHealth health = monitor.health();
          send(exchange, health.isGood() ? 200 : 503, "application/json", json(health) + "\n");
        }
        default -> send(exchange, 404, "text/plain", "/metrics and /healthz are here\n");
      }
    }
  }

  private static String json(FollowHealth health) {
    ObjectNode json =
        new ObjectMapper().createObjectNode().put("status", health.isGood() ? "ok" : "unhealthy");
    health.reason().ifPresent(reason -> json.put("reason", reason));
    health.message().ifPresent(message -> json.put("message", message));
    json.put("sourceAvailable", health.sourceAvailable());
    health.lastGoodCycle().ifPresent(at -> json.put("lastGoodCycle", at.toString()));
    health.recoveredTo().ifPresent(to -> json.set("recoveredTo", CycleOutput.json(json, to)));
    health.behindBytes().ifPresent(bytes -> json.put("behindBytes", bytes));
    health.behindSeconds().ifPresent(seconds -> json.put("behindSeconds", seconds));
    return json.toString();
  }

  private static void send(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(code, -1);
      return;
    }
    exchange.sendResponseHeaders(code, bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  /** At once: a signal leaves little time. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
