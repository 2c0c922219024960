package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which outcomes publish events, and which drop them. */
interface OutcomeContract extends Contract {

  @Test
  default void should_publish_all_events_together_when_the_request_succeeds() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("first");
              world().enqueue("second");
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(2)).containsExactly("first", "second");
    assertThat(world().publisher.chunks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 302, 304, 399})
  default void should_publish_when_the_status_is_below_400(int status) {
    world()
        .serve(
            (request, response) -> {
              response.setStatus(status);
              world().enqueue("event");
            });

    assertThat(world().get().statusCode()).isEqualTo(status);

    assertThat(world().publishedOf(1)).containsExactly("event");
  }

  @Test
  default void should_publish_when_the_answer_is_a_redirect() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("before");
              response.sendRedirect("/elsewhere");
              world().enqueue("after");
            });

    assertThat(world().get().statusCode()).isEqualTo(302);

    assertThat(world().publishedOf(2)).containsExactly("before", "after");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503})
  default void should_clear_when_the_status_is_400_or_above(int status) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.setStatus(status);
            });

    assertThat(world().get().statusCode()).isEqualTo(status);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 500, 503})
  default void should_clear_when_an_error_is_sent(int status) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("before");
              response.sendError(status, "on purpose");
              world().enqueue("after");
            });

    assertThat(world().get().statusCode()).isEqualTo(status);

    assertThat(world().publishedOf(2)).isEmpty();
    assertThat(world().collector.state().cleared()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IllegalStateException.class,
        IOException.class,
        ServletException.class,
        StackOverflowError.class
      })
  default void should_clear_when_the_request_throws(Class<? extends Throwable> type) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              sneak(type.getConstructor(String.class).newInstance("on purpose"));
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> void sneak(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  default void should_keep_the_response_when_events_are_not_confirmed() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("done");
            });

    assertThat(world().get().body()).isEqualTo("done");

    assertThat(world().collector.state().owed()).isEqualTo(1);
  }

  @Test
  default void should_keep_the_response_when_events_are_not_confirmed_before_the_commit() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("do");
              response.flushBuffer();
              response.getWriter().print("ne");
            });

    assertThat(world().get().body()).isEqualTo("done");

    assertThat(world().collector.state().owed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 299, 404})
  default void should_publish_when_the_status_is_configured_as_success(int status) {
    world()
        .serve(
            EventPublishingFilter.builder().success("200-299, 404"),
            (request, response) -> {
              world().enqueue("event");
              if (status == 404) {
                response.sendError(status);
              } else {
                response.setStatus(status);
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(status);

    assertThat(world().publishedOf(1)).containsExactly("event");
  }

  @Test
  default void should_clear_when_the_rule_says_that_it_was_no_success() {
    world()
        .serve(
            EventPublishingFilter.builder()
                .success((request, status) -> request.getAttribute("errors") == null),
            (request, response) -> {
              world().enqueue("event");
              request.setAttribute("errors", List.of("on purpose"));
              response.getWriter().print("{\"errors\":[\"on purpose\"]}");
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @Test
  default void should_use_the_installed_collector_when_none_is_injected() {
    try (var replacement = EventCollectors.replace(world().collector)) {
      world()
          .serve(
              EventPublishingFilter.builder(),
              EventCollector.threadSingletonInstance(),
              (request, response) ->
                  EventCollector.threadSingletonInstance().enqueueEvent("event", "events"));

      assertThat(world().get().statusCode()).isEqualTo(200);

      assertThat(world().publishedOf(1)).containsExactly("event");
    }
  }

  @Test
  default void should_stay_with_the_collector_it_began_with_when_another_is_installed_meanwhile()
      throws Exception {
    RecordingPublisher otherPublisher = new RecordingPublisher();
    try (var replacement = EventCollectors.replace(world().collector);
        var other = PublishingEventCollector.builder(otherPublisher).build()) {
      AtomicReference<List<String>> publishedAtCommit = new AtomicReference<>();
      world()
          .serve(
              EventPublishingFilter.builder(),
              EventCollector.threadSingletonInstance(),
              (request, response) -> {
                EventCollector.threadSingletonInstance().enqueueEvent("event", "events");
                try (var meanwhile = EventCollectors.replace(other)) {
                  response.flushBuffer();
                }
                publishedAtCommit.set(world().publisher.published());
              });

      assertThat(world().get().statusCode()).isEqualTo(200);

      assertThat(world().publishedOf(1)).containsExactly("event");
      await().until(() -> publishedAtCommit.get() != null);
      assertThat(publishedAtCommit.get()).containsExactly("event");
    }
  }
}
