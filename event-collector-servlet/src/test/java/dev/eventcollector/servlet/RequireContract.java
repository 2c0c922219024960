package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answering 503 when events are not confirmed. */
interface RequireContract extends Contract {

  private static EventPublishingFilterBuilder require() {
    return EventPublishingFilter.builder().mode(Mode.REQUIRE);
  }

  private void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(response.body()).doesNotContain("written");
  }

  @Test
  default void should_answer_200_when_all_events_are_confirmed() {
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("written");
            });

    HttpResponse<String> response = world().get();

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("written");
    assertThat(world().publisher.published()).containsExactly("event");
  }

  @Test
  default void should_answer_503_when_events_are_not_confirmed_at_the_end() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              response.setStatus(202);
              response.getWriter().print("written");
            });

    assertRefused(world().get());
  }

  @ParameterizedTest
  @EnumSource
  default void should_answer_503_when_events_are_not_confirmed_before_the_commit(Commit commit) {
    AtomicReference<Boolean> committed = new AtomicReference<>();
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              commit.on(response);
              committed.set(response.isCommitted());
            });

    assertRefused(world().get());
    assertThat(committed.get()).isTrue();
  }

  @Test
  default void should_lead_nowhere_when_the_application_goes_on_after_the_503() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              response.flushBuffer();
              response.reset();
              response.resetBuffer();
              response.setStatus(200);
              response.setContentType("text/plain");
              response.setContentLength(7);
              response.setHeader("X-Late", "set");
              response.addHeader("X-Late", "added");
              response.setIntHeader("X-Late", 1);
              response.addIntHeader("X-Late", 1);
              response.setDateHeader("X-Late", 1);
              response.addDateHeader("X-Late", 1);
              response.addCookie(new Cookie("late", "1"));
              response.getWriter().print("written");
              response.getWriter().println("written");
              response.getWriter().flush();
              response.getWriter().close();
              response.sendRedirect("/elsewhere");
              response.sendError(404);
              response.sendError(404, "written");
              world().enqueue("late");
            });

    HttpResponse<String> response = world().get();

    assertRefused(response);
    assertThat(response.headers().map()).doesNotContainKeys("x-late", "set-cookie", "location");
    await().until(() -> world().collector.state().owed() == 2); // the late one, too
  }

  @Test
  default void should_drop_later_events_after_the_503_when_the_request_fails() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              response.flushBuffer();
              world().enqueue("late");
              throw new IllegalStateException("on purpose");
            });

    assertThat(world().get().statusCode()).isIn(500, 503); // the container's choice
    await().until(() -> world().collector.state().cleared() == 1);
    assertThat(world().collector.state().owed()).isEqualTo(1);
  }

  @Test
  default void should_keep_only_headers_that_do_not_tell_of_the_body_when_it_answers_503() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .deploy(
            context -> {
              Filter outer =
                  (request, response, chain) -> {
                    HttpServletResponse http = (HttpServletResponse) response;
                    http.addHeader("Access-Control-Allow-Origin", "*");
                    http.addHeader("X-Outer", "1");
                    http.addHeader("X-Outer", "2");
                    chain.doFilter(request, response);
                  };
              WebApps.addFilter(context, "outer", outer, EnumSet.of(DispatcherType.REQUEST));
              world().addFilter(context, require().retryAfter(Duration.ofMinutes(2)));
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    world().enqueue("event");
                    response.setHeader("ETag", "\"1\"");
                    response.setHeader("Cache-Control", "public, max-age=3600");
                    response.setHeader("Content-Encoding", "gzip");
                    response.setContentType("application/json");
                    response.setContentLength(7);
                    response.getWriter().print("written");
                  });
            });

    HttpResponse<String> response = world().get();

    assertThat(response.statusCode()).isEqualTo(503);
    Map<String, ?> headers = response.headers().map();
    assertThat(response.headers().allValues("X-Outer")).containsExactly("1", "2");
    assertThat(response.headers().allValues("Retry-After")).containsExactly("120");
    assertThat(headers).containsKey("access-control-allow-origin");
    assertThat(headers).doesNotContainKeys("etag", "content-encoding");
    assertThat(response.headers().firstValue("Cache-Control")).isNotEqualTo("public, max-age=3600");
    assertThat(response.headers().firstValue("Content-Type")).isNotEqualTo("application/json");
  }

  @Test
  default void should_publish_owed_events_later_when_the_broker_comes_back() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world().serve(require(), (request, response) -> world().enqueue("event"));

    assertThat(world().get().statusCode()).isEqualTo(503);
    assertThat(world().collector.state().owed()).isEqualTo(1);

    world().publisher.answerWith(Outcome.confirmed());
    await().until(() -> world().publisher.published().contains("event"));
  }

  @Test
  default void should_drop_later_events_after_the_503_when_it_withdraws() {
    world().publisher.answerWith(Outcome.returned("no such queue"));
    world()
        .serve(
            require().withdrawUnconfirmed(true),
            (request, response) -> {
              world().enqueue("event");
              response.flushBuffer();
              world().enqueue("late");
            });

    assertThat(world().get().statusCode()).isEqualTo(503);
    await().until(() -> world().collector.state().cleared() == 1);
    assertThat(world().collector.state().owed()).isZero();
  }

  @Test
  default void should_withdraw_unconfirmed_events_when_that_is_configured() {
    world().publisher.answerWith(Outcome.returned("no such queue"));
    world()
        .serve(
            require().withdrawUnconfirmed(true),
            (request, response) -> {
              world().enqueue("first");
              world().enqueue("second");
            });

    assertThat(world().get().statusCode()).isEqualTo(503);

    assertThat(world().collector.state().withdrawn()).isEqualTo(2);
    assertThat(world().collector.state().owed()).isZero();
  }

  @Test
  default void should_leave_the_response_and_owed_events_alone_when_it_is_committed() {
    world()
        .serve(
            require().withdrawUnconfirmed(true),
            (request, response) -> {
              response.getWriter().print("written");
              response.flushBuffer();
              world().publisher.answerWith(Outcome.notSent("down"));
              world().enqueue("event");
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    await().until(() -> world().collector.state().owed() == 1);
    assertThat(world().collector.state().withdrawn()).isZero();
  }

  @Test
  default void should_answer_503_at_the_end_when_it_is_not_to_publish_before_the_commit() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require().publishBeforeCommit(false),
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("written");
            });

    assertRefused(world().get());
  }

  @Test
  default void should_answer_as_the_application_does_when_the_request_fails_anyway() {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (request, response) -> {
              world().enqueue("event");
              response.sendError(409);
            });

    assertThat(world().get().statusCode()).isEqualTo(409);

    assertThat(world().publishedOf(1)).isEmpty();
    assertThat(world().collector.state().owed()).isZero();
  }
}
