package dev.eventcollector.examples.forwarder.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.records.RecordCheck;
import dev.eventcollector.examples.forwarder.settings.Settings;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP side: takes records in, and tells how it stands. Safe for use by many threads. */
public final class HttpFront {

  private static final int MOST_THREADS = 32;
  private static final int MOST_CONNECTIONS = 20_000;
  private static final int RESERVED_FILES = 96;
  private static final long IDLE_MILLIS_AT_THE_LIMIT = 1_000;
  private static final int INCOMING_SHARE = 4; // of the bytes that may be held
  private static final byte[] OK = "OK".getBytes(StandardCharsets.UTF_8);
  private static final byte[] READY = "ready".getBytes(StandardCharsets.UTF_8);

  private final Server server = new Server(new QueuedThreadPool(MOST_THREADS));
  private final ServerConnector connector;
  private final RequestCounts counts = new RequestCounts();
  private final Forwarding forwarding;
  private final IncomingBodies incoming;
  private final Duration readTimeout;
  private final SinkHealth health;

  /** Opens no port yet. */
  public HttpFront(Settings settings, Forwarding forwarding, SinkHealth health) {
    this.forwarding = forwarding;
    this.incoming =
        new IncomingBodies(
            Math.max(RecordCheck.MOST_BYTES, forwarding.limits().bufferBytes() / INCOMING_SHARE));
    this.readTimeout = settings.readTimeout();
    this.health = health;
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.addBean(new SlowHeads(connector.getScheduler(), readTimeout));
    NetworkConnectionLimit limit = new NetworkConnectionLimit(maxConnections(), connector);
    limit.setEndPointIdleTimeout(IDLE_MILLIS_AT_THE_LIMIT);
    server.addBean(limit);
    server.addConnector(connector);
    server.setHandler(new Routes());
    server.setErrorHandler(this::describeError);
  }

  /**
   * Opens the port and serves.
   *
   * @throws IOException when the port cannot be had
   */
  public void start() throws IOException {
    try {
      connector.open();
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          reason instanceof UnresolvedAddressException
              ? "cannot listen on " + connector.getHost() + ": no such host"
              : "cannot listen on port " + connector.getPort() + ": " + reason.getMessage(),
          e);
    }
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** As many as there can be files, but some are kept for the sink, the spool and the log. */
  private static int maxConnections() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      return (int) Math.max(16, Math.min(MOST_CONNECTIONS, free - RESERVED_FILES));
    }
    return MOST_CONNECTIONS;
  }

  /** The port that is open. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Closes the port and every connection. */
  public void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server does not stop", e);
    }
  }

  /** Closes the port to new connections; those that are open are served on. */
  public void takeNoMoreConnections() {
    connector.close();
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
            get(exchange, () -> server.getThreadPool().execute(() -> tellReadiness(exchange)));
        case "/metrics" ->
            get(
                exchange,
                () ->
                    exchange.metrics(
                        MetricsPage.of(forwarding, incoming, health.posts(), counts.byStatus())));
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

  /** What is no HTTP that Jetty would pass on. */
  private boolean describeError(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    @Nullable String meaning = HttpStatus.getMessage(status);
    new Exchange(request, response, callback, counts).error(status, String.valueOf(meaning));
    return true;
  }
}
