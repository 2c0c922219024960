package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;
import static jakarta.servlet.DispatcherType.*;

import dev.eventcollector.servlet.EventPublishingFilter;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.RecordedEvent.Stage;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.MetaInfConfiguration;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FilterRegistrationTest {

  @RegisterExtension
  static final EventCollectorExtension EVENTS =
      EventCollectorExtension.builder().onAllThreads().build();

  @Test
  void should_publish_events_of_successful_requests_when_added_by_code(
      InMemoryEventCollector collector) throws Exception {
    ServletContainerInitializer initializer =
        (classes, servletContext) -> {
          var orders = servletContext.addServlet("orders", new OrdersServlet());
          orders.setAsyncSupported(true);
          orders.addMapping("/orders");
          // tag::code
          var events = servletContext.addFilter("events", new EventPublishingFilter(collector));
          events.setAsyncSupported(true);
          events.addMappingForUrlPatterns(EnumSet.of(REQUEST, FORWARD, ASYNC, ERROR), false, "/*");
          // end::code
        };
    var context = new ServletContextHandler();
    context.addServletContainerInitializer(initializer);

    try (RunningServer server = RunningServer.start(context)) {
      assertThat(server.post("/orders")).isEqualTo(201);
      assertThat(server.post("/orders?fail")).isEqualTo(409);
      assertThat(server.send("PUT", "/orders")).isEqualTo(200);
    }

    assertThat(collector)
        .published(exactly(2), event().at(Stage.CONFIRMED))
        .cleared(exactly(1), event().toQueue("orders"));
  }

  @Test
  void should_answer_503_when_registered_by_annotation_and_the_broker_is_down(
      InMemoryEventCollector collector) throws Exception {
    var context = new WebAppContext();
    context.setBaseResourceAsPath(Path.of("src/test/webapp/WEB-INF")); // a folder without web.xml
    context.addConfiguration(new AnnotationConfiguration());
    context.setAttribute(MetaInfConfiguration.CONTAINER_JAR_PATTERN, ".*/test-classes/");
    context.setParentLoaderPriority(true);
    context.addServlet(OrdersServlet.class, "/annotated");

    try (RunningServer server = RunningServer.start(context)) {
      collector.publisher().otherwise(Answer.notSent("broker is down"));
      assertThat(server.post("/annotated")).isEqualTo(503);
    }

    assertThat(collector).published(exactly(1), event().at(Stage.OWED));
  }

  @Test
  void should_answer_503_when_registered_in_web_xml_and_the_broker_is_down(
      InMemoryEventCollector collector) throws Exception {
    var context = new WebAppContext();
    context.setBaseResourceAsPath(Path.of("src/test/webapp"));
    context.setParentLoaderPriority(true);

    try (RunningServer server = RunningServer.start(context)) {
      assertThat(server.post("/orders")).isEqualTo(201);
      collector.publisher().otherwise(Answer.notSent("broker is down"));
      assertThat(server.post("/orders")).isEqualTo(503);
    }

    assertThat(collector).published(exactly(1), event().at(Stage.OWED));
  }

  private record RunningServer(Server server) implements AutoCloseable {

    static RunningServer start(ServletContextHandler context) throws Exception {
      var server = new Server(new InetSocketAddress("127.0.0.1", 0));
      server.setHandler(context);
      server.start();
      return new RunningServer(server);
    }

    int post(String path) throws Exception {
      return send("POST", path);
    }

    int send(String method, String path) throws Exception {
      int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(60))
              .method(method, BodyPublishers.noBody())
              .build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
    }

    @Override
    public void close() throws Exception {
      server.stop();
    }
  }
}
