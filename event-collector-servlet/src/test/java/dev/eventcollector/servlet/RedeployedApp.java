package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitOfWork;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** A web app that brings this library along, and does all that it can. */
public final class RedeployedApp implements ServletContainerInitializer, ServletContextListener {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final PublishingEventCollector collector =
      EventCollectors.install(
          PublishingEventCollector.builder(publisher)
              .publishTimeout(Duration.ofMillis(100))
              .drainTimeout(Duration.ZERO)
              .undeliverableHandler(event -> {})
              .build());

  /** Made by reflection, in a class loader of its own. */
  public RedeployedApp() {}

  enum Kind {
    NOTHING,
    SUCCESS,
    COMMITTED,
    ERROR,
    EXCEPTION,
    BOUND_ELSEWHERE,
    DISPATCHED,
    OWED
  }

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    context.addListener(this);
    WebApps.addFilter(
        context, "events", new EventPublishingFilter(), EnumSet.allOf(DispatcherType.class));
    WebApps.addServlet(context, "/*", this::serve);
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    collector.close();
  }

  private void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Kind kind = Kind.valueOf(request.getPathInfo().substring(1));
    if (kind == Kind.NOTHING || request.getDispatcherType() == DispatcherType.ERROR) {
      return;
    }
    if (kind == Kind.OWED) {
      publisher.answerWith(Outcome.notSent("down"));
    }
    EventCollector.threadSingletonInstance().enqueueEvent("event", "events");
    if (request.getDispatcherType() == DispatcherType.ASYNC) {
      return;
    }
    switch (kind) {
      case COMMITTED -> response.flushBuffer();
      case ERROR -> response.sendError(404);
      case EXCEPTION -> throw new IllegalStateException("on purpose");
      case BOUND_ELSEWHERE -> {
        AsyncContext async = request.startAsync();
        async.start(
            () -> {
              try (UnitOfWork.Binding bound = EventPublishingFilter.bind(request)) {
                EventCollector.threadSingletonInstance().enqueueEvent("event", "events");
              }
              async.complete();
            });
      }
      case DISPATCHED -> request.startAsync().dispatch();
      default -> response.getWriter().print("done");
    }
  }

  /** By hand, as a client with threads of its own could keep the class loader alive. */
  static void request(int port, Kind kind) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String request =
          "GET /redeployed/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
              .formatted(kind);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }
}
