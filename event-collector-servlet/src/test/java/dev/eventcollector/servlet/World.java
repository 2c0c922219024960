package dev.eventcollector.servlet;

import static org.awaitility.Awaitility.await;

import dev.eventcollector.PublishingEventCollector;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web app in a container, the collector that it uses, and a client: all that a test needs. */
final class World implements AutoCloseable {

  static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static final AtomicInteger APPS = new AtomicInteger();

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
  private Container.@Nullable Deployment deployment;

  World(Container container) {
    this.container = container;
  }

  /** What a servlet of a test does. */
  @FunctionalInterface
  interface Work {
    void on(HttpServletRequest request, HttpServletResponse response) throws Exception;
  }

  /** Deploys a web app of one servlet, behind a filter with default settings. */
  void serve(Work work) {
    serve(EventPublishingFilter.builder(), work);
  }

  /** Deploys a web app of one servlet, behind a filter with these settings. */
  void serve(EventPublishingFilterBuilder filter, Work work) {
    deploy(
        context -> {
          addFilter(context, filter);
          addServlet(context, "/*", work);
        });
  }

  /** Deploys a web app. */
  void deploy(Consumer<ServletContext> app) {
    ServletContainerInitializer initializer = (classes, context) -> app.accept(context);
    try {
      deployment = container.deploy(path, World.class.getClassLoader(), initializer);
    } catch (Exception e) {
      throw new IllegalStateException("the deployment failed", e);
    }
  }

  FilterRegistration.Dynamic addFilter(
      ServletContext context, EventPublishingFilterBuilder filter) {
    return addFilter(
        context,
        "events",
        filter.collector(collector).build(),
        EnumSet.allOf(DispatcherType.class));
  }

  static FilterRegistration.Dynamic addFilter(
      ServletContext context, String name, Filter filter, EnumSet<DispatcherType> dispatches) {
    FilterRegistration.Dynamic registration = context.addFilter(name, filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(dispatches, false, "/*");
    return registration;
  }

  static void addServlet(ServletContext context, String pattern, Work work) {
    ServletRegistration.Dynamic registration = context.addServlet(pattern, new WorkServlet(work));
    registration.setAsyncSupported(true);
    registration.addMapping(pattern);
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
        HttpRequest.newBuilder(uri(pathAndQuery)).timeout(Duration.ofSeconds(20)).build();
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

  /** What was published, once so many events were either published or dropped. */
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

  private static final class WorkServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final transient Work work;

    WorkServlet(Work work) {
      this.work = work;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws ServletException, IOException {
      try {
        work.on(request, response);
      } catch (ServletException | IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ServletException(e);
      }
    }
  }
}
