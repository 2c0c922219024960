package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.ContextConfig;
import org.junit.jupiter.api.Test;

final class TomcatFilterTest extends FilterSuite implements WebXmlContract, ResetContract {

  TomcatFilterTest() {
    super(TomcatContainer::new);
  }

  @Override
  public Container.Deployment deployDirectory(String contextPath, Path directory) throws Exception {
    StandardContext context = new StandardContext();
    context.setName(contextPath);
    context.setPath(contextPath);
    context.setDocBase(directory.toString());
    context.setParentClassLoader(TomcatFilterTest.class.getClassLoader());
    context.addLifecycleListener(new ContextConfig());
    return ((TomcatContainer) container(Threads.PLATFORM)).deploy(context);
  }

  /** The method of Servlet 6.1, which Tomcat alone of the three has. */
  private static void redirect(HttpServletResponse response, Object... arguments)
      throws ReflectiveOperationException {
    Class<?>[] types =
        arguments.length == 3
            ? new Class<?>[] {String.class, int.class, boolean.class}
            : new Class<?>[] {
              String.class, arguments[1] instanceof Integer ? int.class : boolean.class
            };
    HttpServletResponse.class.getMethod("sendRedirect", types).invoke(response, arguments);
  }

  @Test
  void should_publish_before_the_commit_when_a_redirect_is_one_of_servlet_6_1() {
    world()
        .serve(
            EventPublishingFilter.builder().mode(Mode.REQUIRE),
            (request, response) -> {
              world().enqueue("event");
              switch (request.getPathInfo()) {
                case "/status" -> redirect(response, "/elsewhere", 307);
                case "/buffer" -> redirect(response, "/elsewhere", false);
                default -> redirect(response, "/elsewhere", 308, true);
              }
            });

    assertThat(world().get("/status").statusCode()).isEqualTo(307);
    assertThat(world().get("/buffer").statusCode()).isEqualTo(302);
    assertThat(world().get("/both").statusCode()).isEqualTo(308);
    assertThat(world().publishedOf(3)).hasSize(3);

    world().publisher.answerWith(Outcome.notSent("down"));
    for (String path : List.of("/status", "/buffer", "/both")) {
      assertThat(world().get(path).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void should_pass_byte_buffers_of_servlet_6_1() throws Exception {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              ByteBuffer buffer = ByteBuffer.allocate(10);
              Class<?> in = ServletInputStream.class;
              in.getMethod("read", ByteBuffer.class).invoke(request.getInputStream(), buffer);
              Class<?> out = ServletOutputStream.class;
              out.getMethod("write", ByteBuffer.class)
                  .invoke(response.getOutputStream(), buffer); // from its position
              ServletResponse.class
                  .getMethod("setCharacterEncoding", Charset.class)
                  .invoke(response, StandardCharsets.UTF_8);
            });

    HttpRequest post =
        HttpRequest.newBuilder(world().uri("/")).POST(BodyPublishers.ofString("hello")).build();

    assertThat(World.CLIENT.send(post, BodyHandlers.ofString()).body()).isEqualTo("hello");
    assertThat(world().publisher.published()).containsExactly("event");
  }
}
