package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.EventCollectors;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registering in {@code web.xml}. Undertow alone does not read that. */
interface WebXmlContract extends Contract {

  String WEB_XML =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
        <filter>
          <filter-name>events</filter-name>
          <filter-class>dev.eventcollector.servlet.EventPublishingFilter</filter-class>
          <async-supported>true</async-supported>
          <init-param>
            <param-name>mode</param-name>
            <param-value>REQUIRE</param-value>
          </init-param>
        </filter>
        <filter-mapping>
          <filter-name>events</filter-name>
          <url-pattern>/*</url-pattern>
          <dispatcher>REQUEST</dispatcher>
          <dispatcher>ASYNC</dispatcher>
          <dispatcher>ERROR</dispatcher>
        </filter-mapping>
        <servlet>
          <servlet-name>enqueue</servlet-name>
          <servlet-class>dev.eventcollector.servlet.EnqueueServlet</servlet-class>
          <async-supported>true</async-supported>
        </servlet>
        <servlet-mapping>
          <servlet-name>enqueue</servlet-name>
          <url-pattern>/enqueue</url-pattern>
        </servlet-mapping>
      </web-app>
      """;

  /** Deploys a web app that lies in a directory. */
  Container.Deployment deployDirectory(String contextPath, Path directory) throws Exception;

  @Test
  default void should_filter_when_it_is_registered_in_web_xml(@TempDir Path directory)
      throws Exception {
    Path webXml = directory.resolve("WEB-INF/web.xml");
    Files.createDirectories(webXml.getParent());
    Files.writeString(webXml, WEB_XML);

    try (var replacement = EventCollectors.replace(world().collector);
        var deployment = deployDirectory("/web-xml", directory)) {
      assertThat(get().statusCode()).isEqualTo(200);
      assertThat(world().publisher.published()).containsExactly("event");

      world().publisher.answerWith(Outcome.notSent("down"));
      assertThat(get().statusCode()).isEqualTo(503);
    }
  }

  private HttpResponse<String> get() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + world().port() + "/web-xml/enqueue");
    return World.CLIENT.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
