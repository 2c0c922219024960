package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wire-level cases beyond simple requests and responses. */
interface WireContract extends Contract {

  World world(Threads threads) throws Exception;

  private static HttpResponse<String> get(HttpClient client, World world, String path)
      throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(world.uri(path)).build(), BodyHandlers.ofString());
  }

  @Test
  default void should_answer_503_over_http_2_when_events_are_not_confirmed() throws Exception {
    world()
        .serve(
            EventPublishingFilter.builder().mode(Mode.REQUIRE),
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("written");
              response.flushBuffer();
            });

    HttpResponse<String> good = get(Http2.CLIENT, world(), "/");
    world().publisher.answerWith(Outcome.notSent("down"));
    HttpResponse<String> bad = get(Http2.CLIENT, world(), "/");

    assertThat(good.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(good.body()).isEqualTo("written");
    assertThat(bad.version()).isEqualTo(HttpClient.Version.HTTP_2);
    assertThat(bad.statusCode()).isEqualTo(503);
    assertThat(bad.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(bad.body()).doesNotContain("written");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_keep_nothing_of_a_large_body_in_memory(boolean text) throws Exception {
    int megabytes = 96;
    List<Long> used = new ArrayList<>();
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              byte[] bytes = new byte[1 << 20];
              char[] chars = new char[1 << 20];
              Arrays.fill(chars, 'x');
              for (int i = 0; i < megabytes; i++) {
                if (text) {
                  response.getWriter().write(chars);
                } else {
                  response.getOutputStream().write(bytes);
                }
                if (i == 1 || i == megabytes - 1) {
                  System.gc();
                  used.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
                }
              }
            });

    HttpResponse<InputStream> response =
        World.CLIENT.send(
            HttpRequest.newBuilder(world().uri("/")).build(), BodyHandlers.ofInputStream());
    long length = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = response.body()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        length += read;
      }
    }

    assertThat(length).isEqualTo((long) megabytes << 20);
    assertThat(used.get(1) - used.get(0)).isLessThan(48L << 20);
    assertThat(world().publisher.published()).containsExactly("event");
  }

  @Test
  default void should_collect_events_of_a_session_listener() throws Exception {
    world()
        .deploy(
            context -> {
              context.addListener(
                  new HttpSessionListener() {
                    @Override
                    public void sessionCreated(HttpSessionEvent event) {
                      world().enqueue("created");
                    }

                    @Override
                    public void sessionDestroyed(HttpSessionEvent event) {
                      world().enqueue("destroyed");
                    }
                  });
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    request.getSession().invalidate();
                    world().enqueue("event");
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks())
        .containsExactly(List.of("created", "destroyed", "event"));
  }

  @ParameterizedTest
  @CsvSource({
    "status, /of-status",
    "exception, /of-type",
    "cause, /of-type",
    "other, /of-500",
    "after async, /of-status"
  })
  default void should_judge_error_pages_of_a_status_and_of_a_type_by_themselves(
      String failure, String page) throws Exception {
    world()
        .errorPages(
            new Container.Pages(
                null,
                Map.of(409, "/of-status", 500, "/of-500"),
                Map.of(IllegalArgumentException.class, "/of-type")));
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    world().enqueue("dropped");
                    if (request.getDispatcherType() == DispatcherType.REQUEST
                        && failure.endsWith(" async")) {
                      request.startAsync().dispatch();
                      return;
                    }
                    switch (failure) {
                      case "status", "after async" -> response.sendError(409);
                      case "exception" -> throw new IllegalArgumentException();
                      case "cause" -> throw new ServletException(new IllegalArgumentException());
                      default -> throw new IOException("on purpose");
                    }
                  });
              for (String path : List.of("/of-status", "/of-type", "/of-500")) {
                WebApps.addServlet(
                    context,
                    path,
                    (request, response) -> {
                      world().enqueue(path);
                      response.setStatus(200);
                      response.getWriter().print(path);
                    });
              }
            });

    HttpResponse<String> response = get(World.CLIENT, world(), "/start");

    assertThat(response.body()).isEqualTo(page);
    await().until(() -> world().collector.state().collected() == 0);
    assertThat(world().publisher.published()).containsExactly(page);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /file.txt, ''",
    "HEAD, /file.txt, ''",
    "GET, /file.txt, 'Range: bytes=2-5'",
    "GET, /file.txt, 'Range: bytes=0-0,5-6'",
    "GET, /file.txt, 'Range: bytes=900000-'",
    "GET, /file.txt, 'If-Modified-Since: Fri, 31 Dec 2100 23:59:59 GMT'",
    "GET, /file.txt, 'If-None-Match: *'",
    "GET, /large.bin, ''",
    "GET, /large.bin, 'Range: bytes=1000-299999'",
    "GET, /missing, ''",
    "GET, /forward, ''",
    "GET, /include, ''",
  })
  default void should_serve_the_same_documents_as_without_the_filter(
      String method, String path, String header, @TempDir Path documents) throws Exception {
    Files.writeString(documents.resolve("file.txt"), "0123456789");
    Files.write(documents.resolve("large.bin"), new byte[1_000_000]);
    List<String> answers = new ArrayList<>();
    for (String filter : List.of("none", "trivial", "ours")) {
      try (World world = world(Threads.PLATFORM)) {
        world.documents(documents);
        world.deploy(
            context -> {
              if (filter.equals("trivial")) {
                TransparencyContract.addTrivialFilter(context);
              } else if (filter.equals("ours")) {
                world.addFilter(context, EventPublishingFilter.builder().mode(Mode.REQUIRE));
              }
              WebApps.addFilter(
                  context,
                  "enqueue",
                  (request, response, chain) -> {
                    world.enqueue("event");
                    chain.doFilter(request, response);
                  },
                  EnumSet.of(DispatcherType.REQUEST));
              WebApps.addServlet(
                  context,
                  "/forward",
                  (request, response) -> {
                    response.getWriter().print("dropped");
                    request.getRequestDispatcher("/file.txt").forward(request, response);
                  });
              WebApps.addServlet(
                  context,
                  "/include",
                  (request, response) -> {
                    response.getWriter().print("before ");
                    request.getRequestDispatcher("/file.txt").include(request, response);
                    response.getWriter().print(" after");
                  });
            });
        String name = world.uri("").getPath();
        String rest = header.isEmpty() ? "\r\n" : header + "\r\n\r\n";
        answers.add(
            RawHttp.exchange(world.port(), method, name + path, rest)
                .replace(name.substring(1), "app")
                .replaceAll("(boundary=|--)[A-Za-z0-9_.-]{8,}", "$1boundary"));
      }
    }

    assertThat(answers.get(2)).isIn(answers.get(0), answers.get(1));
  }
}
