package dev.eventcollector.examples.work.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.program.HostAndPort;
import dev.eventcollector.examples.work.program.Service;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Jetty that listens at one address. */
public final class HttpServer implements Service {

  private static final Logger LOGGER = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MAX_CONNECTIONS = 2_000;
  private static final int RESERVED_FILES = 64;

  private final Server server = new Server();
  private final ServerConnector connector;

  private HttpServer(String address, int port, Handler handler, Duration deadline) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setRequestHeaderSize(
        MAX_HEADER_BYTES); // a search for 10 kB is silly, but no error
    connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
    connector.setHost(address);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.addBean(new SlowHeads(connector.getScheduler(), deadline));
    server.addBean(new NetworkConnectionLimit(maxConnections(), connector));
    server.addConnector(connector);
    server.setErrorHandler(new JsonErrors());
    server.setHandler(
        new GracefulHandler(
            new SlowAnswers(LocalNames.guard(handler, address), deadline.multipliedBy(2))));
  }

  /**
   * Starts to listen.
   *
   * @throws IOException when it cannot, the port being taken, say
   */
  public static HttpServer start(String address, int port, Handler handler) throws IOException {
    return start(address, port, handler, DEADLINE);
  }

  /** The same, with another deadline for a head; an answer has twice the time. */
  static HttpServer start(String address, int port, Handler handler, Duration deadline)
      throws IOException {
    HttpServer http = new HttpServer(address, port, handler, deadline);
    try {
      http.server.start();
    } catch (Exception e) {
      http.drain(Deadline.in(Duration.ZERO));
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "cannot listen at %s: %s",
              HostAndPort.of(address, port),
              reason.getMessage() == null ? reason.toString() : reason.getMessage()),
          e);
    }
    LOGGER.info("listening on {}", http.address());
    return http;
  }

  /** As many as there can be files, but some are kept for the database and the broker. */
  private static int maxConnections() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      return (int) Math.max(16, Math.min(MAX_CONNECTIONS, free - RESERVED_FILES));
    }
    return MAX_CONNECTIONS;
  }

  /** Where it listens. */
  public URI address() {
    return URI.create("http://" + HostAndPort.of(connector.getHost(), connector.getLocalPort()));
  }

  /** Takes no more requests, and lets those that are under way finish. */
  @Override
  public boolean drain(Deadline deadline) {
    server.setStopTimeout(Math.max(1, deadline.left().toMillis()));
    try {
      server.stop();
      return true;
    } catch (Exception e) {
      LOGGER.error("the HTTP server did not stop cleanly: {}", e.toString());
      return false;
    }
  }

  /** Answers, as JSON and with the status' name alone, what never came as far as a handler. */
  private static final class JsonErrors extends ErrorHandler {
    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int status,
        @Nullable String message,
        @Nullable Throwable cause,
        Callback callback) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.write(
          true,
          ByteBuffer.wrap(Answer.refusal(status, HttpStatus.getMessage(status)).body()),
          callback);
    }
  }
}
