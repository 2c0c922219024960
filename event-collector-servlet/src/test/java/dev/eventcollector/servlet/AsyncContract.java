package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are completed on another thread than they began on. */
interface AsyncContract extends Contract {

  @Test
  default void should_publish_all_together_when_the_request_is_completed_by_another_thread() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("first");
              WebApps.goOn(
                  request,
                  () -> {
                    world().enqueue("second");
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks()).containsExactly(List.of("first", "second"));
  }

  @Test
  default void should_collect_when_the_container_runs_the_work() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync(request, response);
              async.start(
                  () -> {
                    world().enqueue("event");
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.published()).containsExactly("event");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_clear_when_an_async_request_is_completed_as_a_failure(boolean sendError) {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("event");
              WebApps.goOn(
                  request,
                  () -> {
                    if (sendError) {
                      WebApps.send(response, 503);
                    } else {
                      response.setStatus(503);
                    }
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(503);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @Test
  default void should_publish_events_after_complete_when_that_is_called_within_the_dispatch() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              world().enqueue("before");
              async.complete();
              world().enqueue("after");
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks()).containsExactly(List.of("before", "after"));
  }

  @ParameterizedTest
  @EnumSource(
      value = DispatcherType.class,
      names = {"REQUEST", "ASYNC"})
  default void should_publish_all_together_when_the_request_is_dispatched_again(
      DispatcherType when) {
    world()
        .serve(
            (request, response) -> {
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                world().enqueue("second");
                return;
              }
              AsyncContext async = request.startAsync();
              world().enqueue("first");
              if (when == DispatcherType.REQUEST) {
                async.dispatch();
              } else {
                WebApps.goOn(request, async::dispatch);
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks()).containsExactly(List.of("first", "second"));
  }

  @Test
  default void should_clear_everything_when_a_later_dispatch_throws() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              if (request.getDispatcherType() == DispatcherType.ASYNC) {
                throw new IllegalStateException("on purpose");
              }
              request.startAsync().dispatch();
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(2)).isEmpty();
  }

  @Test
  default void should_stay_open_when_an_async_dispatch_goes_async_again() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue(request.getPathInfo());
              AsyncContext async = request.startAsync(request, response);
              switch (request.getPathInfo()) {
                case "/1" -> async.dispatch("/2");
                case "/2" -> WebApps.goOn(request, () -> async.dispatch("/3"));
                default -> WebApps.goOn(request, async::complete);
              }
            });

    assertThat(world().get("/1").statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks()).containsExactly(List.of("/1", "/2", "/3"));
  }

  @Test
  default void should_publish_at_completion_when_the_filter_is_not_mapped_to_async_dispatches() {
    world()
        .deploy(
            context -> {
              world().addFilterOfRequestsOnly(context);
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    if (request.getPathInfo().equals("/1")) {
                      world().enqueue("first");
                      request.startAsync().dispatch("/2");
                    } else if (request.getPathInfo().equals("/2")) {
                      request.startAsync().dispatch("/3");
                    }
                  });
            });

    assertThat(world().get("/1").statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).containsExactly("first");
  }

  @Test
  default void should_publish_at_completion_when_the_request_was_unwrapped_to_start_it() {
    world()
        .serve(
            (request, response) -> {
              ServletRequest inner = request;
              while (inner instanceof ServletRequestWrapper wrapper) {
                inner = wrapper.getRequest();
              }
              AsyncContext async = inner.startAsync();
              world().enqueue("event");
              WebApps.goOn(request, async::complete);
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).containsExactly("event");
  }

  @Test
  default void should_refuse_to_bind_when_the_request_has_not_passed_the_filter() {
    world()
        .deploy(
            context ->
                WebApps.addServlet(
                    context,
                    "/*",
                    (request, response) ->
                        assertThatThrownBy(() -> EventPublishingFilter.bind(request))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("has not passed the EventPublishingFilter")));

    assertThat(world().get().statusCode()).isEqualTo(200);
  }

  @Test
  default void should_refuse_late_events_when_the_request_was_completed() {
    CountDownLatch returned = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Filter outer =
        (request, response, chain) -> {
          chain.doFilter(request, response);
          returned.countDown();
        };
    world()
        .deploy(
            context -> {
              WebApps.addFilter(context, "outer", outer, EnumSet.of(DispatcherType.REQUEST));
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    AsyncContext async = request.startAsync();
                    WebApps.goOn(
                        request,
                        () -> {
                          awaitQuietly(returned);
                          async.complete();
                          thrown.set(catchThrowable(() -> world().enqueue("late")));
                        });
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    await().until(() -> thrown.get() != null);
    assertThat(thrown.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the unit of work has ended");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
