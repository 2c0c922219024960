package dev.eventcollector.examples.webhooks.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.webhooks.history.Tally;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.servlet.EventPublishingFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: Jetty, with the library's filter around the webhook. */
public final class WebhookServer {

  private static final Logger LOGGER = LoggerFactory.getLogger(WebhookServer.class);

  /** Everything below belongs to the page, as does the root alone. */
  public static final String PAGE = "/page";

  private static final String WEBHOOK = "/webhooks/github";
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_CONNECTIONS = 2_000;
  private static final int RESERVED_FILES = 64;
  private static final int OTHER_THREADS = 100;

  private final Server server =
      new Server(new QueuedThreadPool(WebhookServlet.MAX_READERS + OTHER_THREADS));
  private final ServerConnector connector;

  private WebhookServer(String address, int port, Duration requestTimeout) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(address);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.addBean(new SlowHeads(connector.getScheduler(), requestTimeout));
    server.addBean(new NetworkConnectionLimit(maxConnections(), connector));
    server.addConnector(connector);
    server.setErrorHandler(new JsonErrorHandler());
  }

  /**
   * Starts to listen.
   *
   * @param answers counts the webhook's answers by their status
   * @throws IOException when it cannot, the port being taken, say
   */
  public static WebhookServer start(
      Settings settings,
      EventCollector events,
      Tally<Integer> answers,
      WebhookServlet webhook,
      HttpServlet page,
      OperationsServlet operations)
      throws IOException {
    WebhookServer webhookServer =
        new WebhookServer(settings.bindAddress(), settings.port(), settings.requestTimeout());
    webhookServer.serve(events, answers, webhook, page, operations);
    try {
      webhookServer.server.start();
    } catch (Exception e) {
      webhookServer.stop(Duration.ZERO);
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          String.format(
              Locale.ROOT,
              "cannot listen at %s: %s",
              hostAndPort(settings.bindAddress(), settings.port()),
              reason.getMessage() == null ? reason.toString() : reason.getMessage()),
          e);
    }
    LOGGER.info("listening on {}", webhookServer.address());
    return webhookServer;
  }

  private void serve(
      EventCollector events,
      Tally<Integer> answers,
      WebhookServlet webhook,
      HttpServlet page,
      OperationsServlet operations) {
    EventPublishingFilter unitOfWork =
        EventPublishingFilter.builder()
            .collector(events)
            .mode(EventPublishingFilter.Mode.REQUIRE)
            .build();
    ServletContextHandler context = new ServletContextHandler("/");
    addFilter(context, new LogContext());
    addFilter(context, new AnswerLog(answers));
    addFilter(context, unitOfWork);
    context.addServlet(new ServletHolder(webhook), WEBHOOK);
    ServletHolder pageHolder = new ServletHolder(page);
    context.addServlet(pageHolder, ""); // the root alone
    context.addServlet(pageHolder, PAGE + "/*");
    context.addServlet(new ServletHolder(operations), "/");
    context.setErrorHandler(new JsonErrorHandler());
    server.setHandler(new GracefulHandler(context));
  }

  private static void addFilter(ServletContextHandler context, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, WEBHOOK, EnumSet.of(DispatcherType.REQUEST));
  }

  public URI address() {
    String host = connector.getHost();
    return URI.create("http://" + hostAndPort(host, connector.getLocalPort()));
  }

  /** As in a URL: an IPv6 address in brackets, and its zone with an escaped percent sign. */
  private static String hostAndPort(String host, int port) {
    return (host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host) + ":" + port;
  }

  /** As many as allowed, but some files are kept for the broker and everything else. */
  private static int maxConnections() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      int connections = (int) Math.max(16, Math.min(MAX_CONNECTIONS, free - RESERVED_FILES));
      if (connections < MAX_CONNECTIONS) {
        LOGGER.info(
            "at most {} connections, because this process may open only {} files (ulimit -n)",
            connections,
            system.getMaxFileDescriptorCount());
      }
      return connections;
    }
    return MAX_CONNECTIONS;
  }

  /** Takes no more requests, and lets those that are under way finish for as long as this. */
  public void stop(Duration timeout) {
    server.setStopTimeout(Math.max(1, timeout.toMillis()));
    try {
      server.stop();
    } catch (Exception e) {
      LOGGER.warn("the HTTP server did not stop cleanly: {}", e.toString());
    }
  }
}
