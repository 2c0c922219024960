package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishing before the response is committed. */
interface CommitContract extends Contract {

  @ParameterizedTest
  @EnumSource
  default void should_publish_before_the_end_when_the_response_is_committed(Commit commit)
      throws Exception {
    AtomicReference<List<String>> publishedAtCommit = new AtomicReference<>();
    world()
        .serve(
            (request, response) -> {
              world().enqueue("before");
              commit.on(response);
              publishedAtCommit.set(List.copyOf(world().publisher.published()));
              world().enqueue("after");
            });

    assertThat(world().get().statusCode()).isLessThan(400);

    assertThat(world().publishedOf(2)).containsExactly("before", "after");
    assertThat(publishedAtCommit.get()).containsExactly("before");
  }

  @Test
  default void should_have_published_when_the_first_byte_arrives() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("begun");
              response.flushBuffer();
              seen.await(60, TimeUnit.SECONDS);
            });

    try (Socket socket = open("/")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      assertThat(world().publisher.published()).containsExactly("event");
    } finally {
      seen.countDown();
    }
  }

  @Test
  default void should_have_published_when_a_response_that_was_not_committed_arrives() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("body");
            });

    assertThat(world().get().body()).isEqualTo("body");

    assertThat(world().publisher.published()).containsExactly("event");
  }

  /** Whatever the container makes of the body, the client and the events must agree. */
  @ParameterizedTest
  @CsvSource({
    "AT_ONCE, -1", "AT_ONCE, 0", "AT_ONCE, 1", "AT_ONCE, 100000",
    "IN_PIECES, -1", "IN_PIECES, 0", "IN_PIECES, 1", "IN_PIECES, 100000",
    "AS_TEXT, -1", "AS_TEXT, 0", "AS_TEXT, 1", "AS_TEXT, 100000",
    "WITH_LENGTH, -1", "WITH_LENGTH, 0", "WITH_LENGTH, 1", "WITH_LENGTH, 100000",
  })
  default void should_publish_only_when_the_client_sees_a_success_and_a_response_fails(
      Writing writing, int beyondBuffer) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              writing.on(response, response.getBufferSize() + beyondBuffer);
              throw new IllegalStateException("on purpose");
            });

    int status = world().statusOf("/");

    assertThat(world().publishedOf(1)).isEqualTo(status == 500 ? List.of() : List.of("event"));
    assertThat(status == 500)
        .as("below the buffer's size, nothing is committed")
        .isEqualTo(beyondBuffer < 0);
  }

  @Test
  default void should_drop_events_after_the_commit_when_the_request_fails_then() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("before");
              response.getWriter().print("begun");
              response.flushBuffer();
              world().enqueue("after");
              throw new IllegalStateException("on purpose");
            });

    world().statusOf("/");

    assertThat(world().publishedOf(2)).containsExactly("before");
    assertThat(world().collector.state().cleared()).isEqualTo(1);
  }

  @Test
  default void should_clear_when_the_response_is_committed_as_a_failure() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("before");
              response.setStatus(500);
              response.flushBuffer();
              world().enqueue("after");
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(2)).isEmpty();
  }

  @Test
  default void should_publish_all_or_nothing_when_it_is_not_to_publish_before_the_commit() {
    world()
        .serve(
            EventPublishingFilter.builder().publishBeforeCommit(false),
            (request, response) -> {
              world().enqueue(request.getPathInfo() + " before");
              response.getWriter().print("begun");
              response.flushBuffer();
              world().enqueue(request.getPathInfo() + " after");
              if (request.getPathInfo().equals("/bad")) {
                throw new IllegalStateException("on purpose");
              }
            });

    world().statusOf("/bad");
    world().get("/good");

    await().until(() -> world().collector.state().cleared() == 2);
    assertThat(world().publishedOf(4)).containsExactly("/good before", "/good after");
    assertThat(world().publisher.chunks()).hasSize(1);
  }

  @Test
  default void should_keep_events_of_work_that_was_done_when_the_client_disconnects()
      throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    world()
        .serve(
            (request, response) -> {
              world().enqueue("work");
              response.flushBuffer();
              gone.await(60, TimeUnit.SECONDS);
              world().enqueue("answered");
              while (true) {
                response.getOutputStream().write(new byte[10_000]);
                response.getOutputStream().flush();
              }
            });

    try (Socket socket = open("/")) {
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.setSoLinger(true, 0);
    }
    gone.countDown();

    assertThat(world().publishedOf(2)).containsExactly("work");
  }

  @Test
  default void should_show_and_send_the_content_length_when_it_was_set() {
    List<Object> seen = new CopyOnWriteArrayList<>();
    world()
        .serve(
            (request, response) -> {
              if (request.getPathInfo().equals("/header")) {
                response.setHeader("content-length", "4");
              } else {
                response.setContentLength(4);
              }
              seen.add(response.getHeader("Content-Length"));
              seen.add(response.containsHeader("Content-Length"));
              seen.add(response.getHeaderNames().contains("Content-Length"));
              seen.add(response.getHeaders("CONTENT-LENGTH"));
              response.getOutputStream().print("body");
              response.setHeader("X-Late", "yes");
            });

    for (String path : List.of("/header", "/setter")) {
      assertThat(world().get(path).headers().firstValue("Content-Length")).hasValue("4");
      assertThat(world().get(path).headers().firstValue("X-Late")).hasValue("yes");
    }
    assertThat(seen).containsOnly("4", true, List.of("4"));
  }

  private Socket open(String path) throws IOException {
    Socket socket = new Socket("127.0.0.1", world().port());
    String request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(world().uri(path).getPath());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }
}
