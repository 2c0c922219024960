package dev.eventcollector.examples.webhooks.http;

import dev.eventcollector.EventCollector;
import dev.eventcollector.examples.support.http.HttpServer;
import dev.eventcollector.examples.support.http.JsonErrors;
import dev.eventcollector.examples.support.http.StatusPages;
import dev.eventcollector.examples.webhooks.history.Tally;
import dev.eventcollector.examples.webhooks.settings.Settings;
import dev.eventcollector.servlet.EventPublishingFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;

/** The HTTP side: Jetty, with the library's filter around the webhook. */
public final class WebhookServer {

  /** Everything below belongs to the page, as does the root alone. */
  public static final String PAGE = "/page";

  private static final String WEBHOOK = "/webhooks/github";
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

  private static final int OTHER_THREADS = 100;

  private WebhookServer() {}

  /**
   * Starts to listen.
   *
   * @param answers counts the webhook's answers by their status
   * @throws IOException when it cannot listen, for example because the port is taken
   */
  public static HttpServer start(
      Settings settings,
      EventCollector events,
      Tally<Integer> answers,
      WebhookServlet webhook,
      HttpServlet page,
      StatusPages status)
      throws IOException {
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
    context.addServlet(new ServletHolder(new NothingHere()), "/"); // Jetty's own knows GET only
    context.setErrorHandler(new JsonErrors());
    return HttpServer.at(settings.listening().bindAddress(), settings.listening().port())
        .threads(WebhookServlet.MAX_READERS + OTHER_THREADS)
        .idleTimeout(IDLE_TIMEOUT)
        .headTimeout(settings.requestTimeout())
        .start(new Handler.Sequence(status.handler(), context));
  }

  /** Answers 404 to any method, for every path that is not served. */
  private static final class NothingHere extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static void addFilter(ServletContextHandler context, Filter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, WEBHOOK, EnumSet.of(DispatcherType.REQUEST));
  }
}
