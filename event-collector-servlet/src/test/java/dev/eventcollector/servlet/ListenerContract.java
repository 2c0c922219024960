package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timeouts, and listeners that the container calls, on whatever threads. */
interface ListenerContract extends Contract {

  @Test
  default void should_collect_events_of_a_read_listener() throws Exception {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("begun");
              request.getInputStream().setReadListener(new Reading(world(), request, async));
            });

    HttpRequest post =
        HttpRequest.newBuilder(world().uri("/"))
            .POST(BodyPublishers.ofString("x".repeat(100_000)))
            .build();
    HttpResponse<String> response = World.CLIENT.send(post, BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(world().publisher.chunks()).containsExactly(List.of("begun", "100000 bytes"));
  }

  @Test
  default void should_publish_events_of_a_listener_when_the_request_has_failed() {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.addListener(
                  new AsyncListener() {
                    @Override
                    public void onComplete(AsyncEvent event) {
                      try {
                        world().enqueue("told");
                      } catch (RuntimeException e) {
                        thrown.set(e);
                      }
                    }

                    @Override
                    public void onTimeout(AsyncEvent event) {}

                    @Override
                    public void onError(AsyncEvent event) {}

                    @Override
                    public void onStartAsync(AsyncEvent event) {}
                  });
              async.start(
                  () -> {
                    world().enqueue("dropped");
                    response.setStatus(500);
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(500);
    await().untilAsserted(() -> assertThat(world().publisher.published()).containsExactly("told"));
    assertThat(thrown.get()).isNull();
  }

  /** Counts what it reads. */
  final class Reading implements ReadListener {
    private final World world;
    private final ServletInputStream in;
    private final AsyncContext async;
    private int count;

    Reading(World world, ServletRequest request, AsyncContext async) throws IOException {
      this.world = world;
      this.in = request.getInputStream();
      this.async = async;
    }

    @Override
    public void onDataAvailable() throws IOException {
      byte[] buffer = new byte[1000];
      int read;
      while (in.isReady() && (read = in.read(buffer)) >= 0) {
        count += read;
      }
    }

    @Override
    public void onAllDataRead() {
      world.enqueue(count + " bytes");
      async.complete();
    }

    @Override
    public void onError(Throwable thrown) {
      async.complete();
    }
  }

  @Test
  default void should_collect_events_of_a_write_listener() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              ServletOutputStream out = response.getOutputStream();
              out.setWriteListener(
                  new WriteListener() {
                    private boolean enqueued;

                    @Override
                    public void onWritePossible() throws IOException {
                      if (!enqueued) {
                        enqueued = true;
                        world().enqueue("event");
                        out.write('x');
                      }
                      if (out.isReady()) {
                        async.complete();
                      }
                    }

                    @Override
                    public void onError(Throwable thrown) {
                      async.complete();
                    }
                  });
            });

    assertThat(world().get().body()).isEqualTo("x");

    assertThat(world().publisher.published()).containsExactly("event");
  }

  @Test
  default void should_collect_events_of_async_listeners() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(100);
              async.addListener(new Telling(world()));
              async.addListener(new Telling(world()), request, response);
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(4))
        .containsExactly("timeout", "timeout", "complete", "complete");
    assertThat(world().publisher.chunks()).hasSize(3);
  }

  /** Completes the request when it has timed out, once. */
  record Telling(World world) implements AsyncListener {

    @Override
    public void onTimeout(AsyncEvent event) {
      world.enqueue("timeout");
      if (world.collector.eventsToPublish().size() == 2) {
        event.getAsyncContext().complete();
      }
    }

    @Override
    public void onComplete(AsyncEvent event) {
      world.enqueue("complete");
    }

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  @Test
  default void should_clear_when_nobody_answers_a_timeout() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              request.startAsync().setTimeout(100);
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @Test
  default void should_clear_when_work_that_the_container_runs_throws() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(200);
              async.start(
                  () -> {
                    world().enqueue("event");
                    throw new IllegalStateException("on purpose");
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_publish_when_a_listener_makes_a_success_of_a_timeout(boolean dispatch) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue(request.getDispatcherType().name());
              if (request.getDispatcherType() == DispatcherType.REQUEST) {
                AsyncContext async = request.startAsync();
                async.setTimeout(100);
                async.addListener(new OnTimeout(dispatch ? async::dispatch : async::complete));
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(dispatch ? 2 : 1)).startsWith("REQUEST");
  }
}
