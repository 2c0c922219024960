package dev.eventcollector.servlet;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishingEventCollector;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A web app in a container, the collector that it uses, and a client: all that a test needs. */
final class World implements AutoCloseable {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10)); // most tests wait once
  }

  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final AtomicInteger APPS = new AtomicInteger(1000); // names of one length

  final RecordingPublisher publisher = new RecordingPublisher();
  final PublishingEventCollector collector =
      PublishingEventCollector.builder(publisher)
          .firstRetryDelay(Duration.ofSeconds(1))
          .publishTimeout(Duration.ofMillis(500))
          .drainTimeout(Duration.ZERO)
          .undeliverableHandler(event -> {})
          .build();

  private final Container container;
  private final String path = "/app" + APPS.incrementAndGet();
  private Container.Pages pages = Container.Pages.NONE;
  private @Nullable Path documents;
  private Container.@Nullable Deployment deployment;

  World(Container container) {
    this.container = container;
  }

  /** Deploys a web app of one servlet, behind a filter with default settings. */
  void serve(WebApps.Work work) {
    serve(EventPublishingFilter.builder(), work);
  }

  /** Deploys a web app of one servlet, behind a filter with these settings. */
  void serve(EventPublishingFilterBuilder filter, WebApps.Work work) {
    deploy(
        context -> {
          addFilter(context, filter);
          WebApps.addServlet(context, "/*", work);
        });
  }

  /** Deploys a web app of one servlet, behind a filter with these settings and this collector. */
  void serve(
      EventPublishingFilterBuilder filter, EventCollector filterCollector, WebApps.Work work) {
    deploy(
        context -> {
          WebApps.addFilter(
              context,
              "events",
              filter.collector(filterCollector).build(),
              EnumSet.allOf(DispatcherType.class));
          WebApps.addServlet(context, "/*", work);
        });
  }

  /** Has the next deployment show a page for every error. */
  void errorPage(String value) {
    pages = new Container.Pages(value, Map.of(), Map.of());
  }

  /** Has the next deployment show pages for some errors. */
  void errorPages(Container.Pages value) {
    pages = value;
  }

  /** Has the default servlet of the next deployment serve what lies in a directory. */
  void documents(Path value) {
    documents = value;
  }

  /** Deploys a web app. */
  void deploy(Consumer<ServletContext> app) {
    ServletContainerInitializer initializer = (classes, context) -> app.accept(context);
    try {
      deployment =
          container.deploy(
              new Container.App(path, World.class.getClassLoader(), initializer, pages, documents));
    } catch (Exception e) {
      throw new IllegalStateException("the deployment failed", e);
    }
  }

  /** Neither async nor error dispatches pass this one. */
  void addFilterOfRequestsOnly(ServletContext context) {
    WebApps.addFilter(
        context,
        "events",
        new EventPublishingFilter(collector),
        EnumSet.of(DispatcherType.REQUEST));
  }

  FilterRegistration.Dynamic addFilter(
      ServletContext context, EventPublishingFilterBuilder filter) {
    return WebApps.addFilter(
        context,
        "events",
        filter.collector(collector).build(),
        EnumSet.allOf(DispatcherType.class));
  }

  /** Adds a WebSocket endpoint that answers each text. */
  void addWebSocket(ServletContext context, String path, UnaryOperator<String> answer) {
    try {
      container.addWebSocket(context, path, answer);
    } catch (ServletException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Adds the servlet for JSPs.
   *
   * @param compiled where compiled JSPs are kept
   */
  void addJsp(ServletContext context, Path compiled) {
    try {
      container.prepareJsp(context);
    } catch (ReflectiveOperationException | ServletException e) {
      throw new IllegalStateException(e);
    }
    ServletRegistration.Dynamic jsp =
        context.addServlet("jsp", "org.apache.jasper.servlet.JspServlet");
    jsp.setInitParameter("scratchdir", compiled.toString());
    jsp.addMapping("*.jsp");
    jsp.setAsyncSupported(true);
  }

  /** Enqueues an event, as any code of the application would. */
  void enqueue(String payload) {
    collector.enqueueEvent(payload, "events");
  }

  URI uri(String pathAndQuery) {
    return URI.create("http://127.0.0.1:" + container.port() + path + pathAndQuery);
  }

  int port() {
    return container.port();
  }

  HttpResponse<String> get() {
    return get("/");
  }

  HttpResponse<String> get(String pathAndQuery) {
    try {
      return tryGet(pathAndQuery);
    } catch (IOException e) {
      throw new IllegalStateException("no response", e);
    }
  }

  /** For responses that may be cut off, which is an {@link IOException}. */
  HttpResponse<String> tryGet(String pathAndQuery) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(pathAndQuery)).timeout(Duration.ofSeconds(60)).build();
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The status, or 0 when the response was cut off. */
  int statusOf(String pathAndQuery) {
    try {
      return tryGet(pathAndQuery).statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The published events, once so many were either published or dropped. */
  List<String> publishedOf(int events) {
    await().until(() -> collector.state().confirmed() + collector.state().cleared() == events);
    return publisher.published();
  }

  @Override
  public void close() throws Exception {
    if (deployment != null) {
      deployment.close();
    }
    collector.close();
  }
}
