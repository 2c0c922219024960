package dev.eventcollector.examples.support.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.eventcollector.examples.support.program.Deadline;
import dev.eventcollector.examples.support.program.Service;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Jetty that listens at one address, with limits against slow and many clients.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.at("127.0.0.1", 8080).start(handler);
 * }</pre>
 */
public final class HttpServer implements Service, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(HttpServer.class);
  private static final int RESERVED_FILES = 64;
  private static final int FEWEST_CONNECTIONS = 16;
  private static final long IDLE_MILLIS_AT_THE_LIMIT = 1_000;

  private final Server server;
  private final ServerConnector connector;

  private HttpServer(HttpServerBuilder settings, Handler handler) {
    server = new Server(new QueuedThreadPool(settings.threads));
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.headBytes);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.address);
    connector.setPort(settings.port);
    connector.setIdleTimeout(settings.idleTimeout.toMillis());
    connector.addBean(new SlowHeads(connector.getScheduler(), settings.headTimeout));
    NetworkConnectionLimit limit =
        new NetworkConnectionLimit(connections(settings.connections), connector);
    limit.setEndPointIdleTimeout(IDLE_MILLIS_AT_THE_LIMIT); // others wait for a connection
    server.addBean(limit);
    server.addConnector(connector);
    server.setErrorHandler(settings.errors);
    server.setHandler(new GracefulHandler(guard(settings, handler)));
  }

  private static Handler guard(HttpServerBuilder settings, Handler handler) {
    Handler guarded = settings.localNames ? LocalNames.guard(handler, settings.address) : handler;
    Duration answerTimeout = settings.answerTimeout;
    return answerTimeout == null ? guarded : new SlowAnswers(guarded, answerTimeout);
  }

  /**
   * A server that is not started.
   *
   * @param address null for all addresses of this machine
   * @param port 0 for any port that is free
   */
  public static HttpServerBuilder at(@Nullable String address, int port) {
    return new HttpServerBuilder(address, port);
  }

  static HttpServer start(HttpServerBuilder settings, Handler handler) throws IOException {
    HttpServer http = new HttpServer(settings, handler);
    try {
      http.server.start();
    } catch (Exception e) {
      http.close();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "cannot listen at %s: %s",
              HostAndPort.of(settings.address, settings.port),
              reason(e.getCause() == null ? e : e.getCause())),
          e);
    }
    LOGGER.info("listening on {}", http.address());
    return http;
  }

  private static String reason(Throwable failure) {
    if (failure instanceof UnresolvedAddressException) {
      return "there is no such host";
    }
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  /** The process may open so many files, of which brokers, databases and logs need some. */
  private static int connections(int most) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      int connections = (int) Math.max(FEWEST_CONNECTIONS, Math.min(most, free - RESERVED_FILES));
      if (connections < most) {
        LOGGER.info(
            "at most {} connections, because this process may open only {} files (ulimit -n)",
            connections,
            system.getMaxFileDescriptorCount());
      }
      return connections;
    }
    return most;
  }

  /** The URL of the root; of the loopback interface where it listens at all addresses. */
  public URI address() {
    String host = connector.getHost() == null ? "127.0.0.1" : connector.getHost();
    return URI.create("http://" + HostAndPort.of(host, connector.getLocalPort()));
  }

  /** Closes the port; connections that are open are served on. */
  public void closePort() {
    connector.close();
  }

  /** Accepts no more requests, and finishes those in progress. */
  @Override
  public boolean drain(Deadline deadline) {
    return stop(Math.max(1, deadline.left().toMillis()));
  }

  private boolean stop(long timeoutMillis) {
    server.setStopTimeout(timeoutMillis);
    try {
      server.stop();
      return true;
    } catch (Exception e) {
      LOGGER.warn("the HTTP server did not stop cleanly: {}", e.toString());
      return false;
    }
  }

  /** Stops at once. */
  @Override
  public void close() {
    stop(0);
  }
}
