package dev.eventcollector.examples.forwarder.http;

import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.records.RecordCheck;
import dev.eventcollector.examples.forwarder.settings.Settings;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.StatusPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The HTTP side: takes records in, and tells how it stands. Safe for use by many threads. */
public final class HttpFront implements AutoCloseable {

  private static final int MOST_THREADS = 32;
  private static final int MOST_CONNECTIONS = 20_000;
  private static final int INCOMING_SHARE = 4; // of the bytes that may be held
  private static final byte[] OK = "OK".getBytes(StandardCharsets.UTF_8);
  private static final byte[] READY = "ready".getBytes(StandardCharsets.UTF_8);

  private final RequestCounts counts;
  private final StatusPages status = new StatusPages();
  private final Forwarding forwarding;
  private final IncomingBodies incoming;
  private final Duration readTimeout;
  private final SinkHealth health;
  private final HttpServer server;

  private HttpFront(Settings settings, Forwarding forwarding, SinkHealth health)
      throws IOException {
    this.forwarding = forwarding;
    this.incoming =
        new IncomingBodies(
            Math.max(RecordCheck.MOST_BYTES, forwarding.limits().bufferBytes() / INCOMING_SHARE));
    this.readTimeout = settings.readTimeout();
    this.health = health;
    this.counts = new RequestCounts(status.metrics());
    new Meters(status.metrics()).show(forwarding, incoming, health);
    server =
        HttpServer.at(settings.host(), settings.port())
            .threads(MOST_THREADS)
            .connections(MOST_CONNECTIONS)
            .headTimeout(readTimeout)
            .errors(this::describeError)
            .start(new Routes());
  }

  /**
   * Opens the port and serves.
   *
   * @throws IOException when the port cannot be had
   */
  public static HttpFront start(Settings settings, Forwarding forwarding, SinkHealth health)
      throws IOException {
    return new HttpFront(settings, forwarding, health);
  }

  /** Closes the port to new connections; those that are open are served on. */
  public void closePort() {
    server.closePort();
  }

  /** Closes every connection. */
  @Override
  public void close() {
    server.close();
  }

  private final class Routes extends Handler.Abstract.NonBlocking {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Exchange exchange = new Exchange(request, response, callback, counts);
      String path = request.getHttpURI().getPath();
      switch (path == null ? "" : path) {
        case "/log" -> {
          if (request.getMethod().equals("POST")) {
            RecordIntake.take(exchange, forwarding.batches(), incoming, readTimeout);
          } else {
            exchange.methodNotAllowed("POST");
          }
        }
        case "/healthz" -> get(exchange, () -> exchange.text(HttpStatus.OK_200, OK));
        case "/readyz" ->
            // It asks the sink, which takes its time.
            get(
                exchange,
                () ->
                    exchange
                        .request
                        .getComponents()
                        .getExecutor()
                        .execute(() -> tellReadiness(exchange)));
        case "/metrics" -> get(exchange, () -> exchange.answer(status.answer("GET", path)));
        default -> exchange.error(HttpStatus.NOT_FOUND_404, "there is no such path");
      }
      return true;
    }

    private void get(Exchange exchange, Runnable answer) {
      String method = exchange.request.getMethod();
      if (method.equals("GET") || method.equals("HEAD")) {
        answer.run();
      } else {
        exchange.methodNotAllowed("GET, HEAD");
      }
    }
  }

  private void tellReadiness(Exchange exchange) {
    Optional<String> obstacle =
        Optional.ofNullable(forwarding.refusesBecause()).or(health::findObstacle);
    obstacle.ifPresentOrElse(exchange::unavailable, () -> exchange.text(HttpStatus.OK_200, READY));
  }

  /** Describes the errors of requests that Jetty refuses by itself. */
  private boolean describeError(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    @Nullable String meaning = HttpStatus.getMessage(status);
    new Exchange(request, response, callback, counts).error(status, String.valueOf(meaning));
    return true;
  }
}
