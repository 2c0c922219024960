package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorState;
import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Output of other threads, and the answers that they get instead. */
interface AsyncOutputContract extends Contract {

  @ParameterizedTest
  @EnumSource(
      value = Commit.class,
      names = {"FLUSH_BUFFER", "CLOSE_STREAM", "FILL_WRITER_AT_ONCE"})
  default void should_publish_before_the_commit_when_another_thread_writes(Commit commit) {
    AtomicReference<List<String>> publishedAtCommit = new AtomicReference<>();
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("event");
              WebApps.goOn(
                  request,
                  () -> {
                    try {
                      commit.on((HttpServletResponse) async.getResponse());
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                    publishedAtCommit.set(world().publisher.published());
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    await().until(() -> publishedAtCommit.get() != null);
    assertThat(publishedAtCommit.get()).containsExactly("event");
  }

  @ParameterizedTest
  @ValueSource(strings = {"complete", "complete in dispatch", "dispatch", "flush", "start"})
  default void should_answer_503_when_an_async_request_is_not_confirmed(String how) {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            EventPublishingFilter.builder().mode(Mode.REQUIRE),
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                return;
              }
              AsyncContext async = request.startAsync();
              world().enqueue("event");
              switch (how) {
                case "complete" -> WebApps.goOn(request, async::complete);
                case "complete in dispatch" -> async.complete();
                case "dispatch" -> WebApps.goOn(request, async::dispatch);
                case "start" -> async.start(async::complete);
                default -> WebApps.goOn(request, () -> flushAndComplete(async));
              }
            });

    HttpResponse<String> response = world().get();

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
  }

  private static void flushAndComplete(AsyncContext async) {
    try {
      async.getResponse().flushBuffer();
      async.getResponse().getWriter().print("written");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    async.complete();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  default void should_publish_before_the_first_write_when_output_is_non_blocking(Mode mode) {
    AtomicReference<List<String>> publishedAtWrite = new AtomicReference<>();
    if (mode == Mode.REQUIRE) {
      world().publisher.answerWith(Outcome.notSent("down"));
    }
    world()
        .serve(
            EventPublishingFilter.builder().mode(mode),
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("event");
              ServletOutputStream out = response.getOutputStream();
              out.setWriteListener(
                  new Written(
                      out, async, () -> publishedAtWrite.set(world().publisher.published())));
            });

    HttpResponse<String> response = world().get();

    assertThat(response.statusCode()).isEqualTo(mode == Mode.KEEP ? 200 : 503);
    if (mode == Mode.KEEP) {
      assertThat(response.body()).isEqualTo("written".repeat(10_000));
    }
    await().until(() -> publishedAtWrite.get() != null);
    assertThat(publishedAtWrite.get()).hasSize(mode == Mode.KEEP ? 1 : 0);
  }

  /** Writes ten thousand times. */
  final class Written implements WriteListener {
    private final ServletOutputStream out;
    private final AsyncContext async;
    private final Runnable afterFirst;
    private int count;

    Written(ServletOutputStream out, AsyncContext async, Runnable afterFirst) {
      this.out = out;
      this.async = async;
      this.afterFirst = afterFirst;
    }

    @Override
    public void onWritePossible() throws IOException {
      while (out.isReady()) {
        if (count == 10_000) {
          async.complete();
          return;
        }
        out.write("written".getBytes(StandardCharsets.US_ASCII));
        if (count++ == 0) {
          afterFirst.run();
        }
      }
    }

    @Override
    public void onError(Throwable thrown) {
      async.complete();
    }
  }

  @Test
  default void should_answer_503_when_two_dispatches_fill_the_buffer_together() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            EventPublishingFilter.builder().mode(Mode.REQUIRE),
            (request, response) -> {
              Writing.IN_PIECES.on(response, response.getBufferSize() * 6 / 10);
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                world().enqueue("event");
                request.startAsync().dispatch();
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(503);
  }

  @Test
  default void
      should_not_publish_what_comes_after_the_commit_when_a_dispatch_not_filtered_throws() {
    world()
        .deploy(
            context -> {
              world().addFilterOfRequestsOnly(context);
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                      throw new IllegalStateException("on purpose");
                    }
                    world().enqueue("before");
                    response.flushBuffer();
                    world().enqueue("after");
                    AsyncContext async = request.startAsync();
                    async.setTimeout(100);
                    async.dispatch();
                  });
            });

    world().statusOf("/");

    // Jetty tells no listener: there the event stays in its unit until that is garbage, whenever
    // Jetty lets go of the request, and then the collector drops it.
    await()
        .during(Duration.ofMillis(200))
        .until(
            () -> {
              CollectorState state = world().collector.state();
              return state.cleared() + state.collected() == 1 && state.confirmed() == 1;
            });
    assertThat(world().publisher.published()).containsExactly("before");
  }
}
