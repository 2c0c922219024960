package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody in the application notices that request and response are wrapped. */
interface WrappingContract extends Contract {

  private static EventPublishingFilterBuilder require() {
    return EventPublishingFilter.builder().mode(Mode.REQUIRE);
  }

  private void deploy(EventPublishingFilterBuilder filter, WebApps.Work start, WebApps.Work next) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, filter);
              WebApps.addServlet(context, "/start", start);
              WebApps.addServlet(context, "/next", next);
            });
  }

  @Test
  default void should_refuse_a_listener_that_is_null_trap_60() {
    List<String> thrown = new CopyOnWriteArrayList<>();
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              thrown.add(thrownBy(() -> request.getInputStream().setReadListener(null)));
              thrown.add(thrownBy(() -> response.getOutputStream().setWriteListener(null)));
              async.complete();
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(thrown).containsExactly("NullPointerException", "NullPointerException");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_send_the_output_of_a_forward_when_something_was_written_before_trap_61(
      boolean withLength) {
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          response.getWriter().print("dropped");
          request.getRequestDispatcher("/next").forward(request, response);
        },
        (request, response) -> {
          world().enqueue("event");
          if (withLength) {
            response.setContentLength(9);
          }
          response.getWriter().print("forwarded");
          world().enqueue(thrownBy(response::getOutputStream)); // as Jetty's default servlet asks
        });

    assertThat(world().get("/start").body()).isEqualTo("forwarded");

    assertThat(world().publishedOf(2)).containsExactly("event", "IllegalStateException");
  }

  @ParameterizedTest
  @EnumSource
  default void should_answer_503_when_events_are_not_confirmed_before_a_forward_commits_trap_62(
      Commit commit) {
    world().publisher.answerWith(Outcome.notSent("down"));
    deploy(
        require(),
        (request, response) -> {
          world().enqueue("event");
          request.getRequestDispatcher("/next").forward(request, response);
        },
        (request, response) -> commit.on(response));

    assertThat(world().get("/start").statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(strings = {"writer", "stream", "nothing"})
  default void should_answer_503_when_events_are_not_confirmed_and_a_forward_returns_trap_62(
      String body) {
    world().publisher.answerWith(Outcome.notSent("down"));
    deploy(
        require(),
        (request, response) -> {
          world().enqueue("event");
          request.getRequestDispatcher("/next").forward(request, response);
        },
        (request, response) -> {
          if (body.equals("writer")) {
            response.getWriter().print("written");
          } else if (body.equals("stream")) {
            response.getOutputStream().print("written");
          }
        });

    assertThat(world().get("/start").statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({"complete, true", "complete, false", "dispatch, true", "dispatch, false"})
  default void should_take_plain_wrappers_for_async_work_trap_63(String how, boolean allTypes) {
    List<Object> seen = new CopyOnWriteArrayList<>();
    world()
        .deploy(
            context -> {
              WebApps.addFilter(
                  context,
                  "events",
                  new EventPublishingFilter(world().collector),
                  allTypes
                      ? EnumSet.allOf(DispatcherType.class)
                      : EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
              addPlainServlet(context, "/plain", () -> world().enqueue("dispatched"));
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    world().enqueue("started");
                    ServletRequest given = new ServletRequestWrapper(request);
                    ServletResponse answer = new ServletResponseWrapper(response);
                    AsyncContext async = request.startAsync(given, answer);
                    seen.add(async.getRequest() == given);
                    seen.add(async.getResponse() == answer);
                    seen.add(async.hasOriginalRequestAndResponse());
                    if (how.equals("dispatch")) {
                      async.dispatch("/plain");
                    } else {
                      async.complete();
                    }
                  });
            });

    assertThat(world().get("/start").statusCode()).isEqualTo(200);

    assertThat(seen).containsExactly(true, true, false);
    assertThat(world().publisher.chunks())
        .containsExactly(
            how.equals("dispatch") ? List.of("started", "dispatched") : List.of("started"));
  }

  private static void addPlainServlet(ServletContext context, String path, Runnable work) {
    var servlet = context.addServlet(path, new TransparencyContract.PlainServlet(work));
    servlet.addMapping(path);
    servlet.setAsyncSupported(true);
  }

  @ParameterizedTest
  @EnumSource(
      value = DispatcherType.class,
      names = {"FORWARD", "INCLUDE"})
  default void should_take_plain_wrappers_for_a_dispatch_trap_63(DispatcherType type) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              addPlainServlet(context, "/plain", () -> world().enqueue("dispatched"));
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    world().enqueue("started");
                    ServletRequest given = new ServletRequestWrapper(request);
                    ServletResponse answer = new ServletResponseWrapper(response);
                    if (type == DispatcherType.FORWARD) {
                      request.getRequestDispatcher("/plain").forward(given, answer);
                    } else {
                      request.getRequestDispatcher("/plain").include(given, answer);
                    }
                  });
            });

    assertThat(world().get("/start").statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(2)).containsExactly("started", "dispatched");
  }

  @ParameterizedTest
  @ValueSource(strings = {"its own", "wrapped", "of the event"})
  default void should_answer_503_when_completed_by_the_request_of_the_async_context_trap_64(
      String request) {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            require(),
            (started, response) -> {
              world().enqueue("event");
              AsyncContext async =
                  request.equals("wrapped")
                      ? started.startAsync(
                          new HttpServletRequestWrapper(started),
                          new HttpServletResponseWrapper(response))
                      : started.startAsync();
              if (request.equals("of the event")) {
                async.setTimeout(100);
                async.addListener(
                    new OnTimeout.Asking(
                        event -> event.getSuppliedRequest().getAsyncContext().complete()),
                    async.getRequest(),
                    async.getResponse());
              } else {
                async.start(() -> async.getRequest().getAsyncContext().complete());
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(503);
  }

  @Test
  default void should_see_its_own_request_and_response_in_the_async_context_trap_64() {
    List<Object> seen = new CopyOnWriteArrayList<>();
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              seen.add(async.getRequest() == request);
              seen.add(async.getResponse() == response);
              seen.add(request.getAsyncContext() == async);
              seen.add(request.getAsyncContext().getRequest() == request);
              async.complete();
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(seen).containsExactly(true, true, true, true);
  }
}
