package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing has happened where the container refuses to do it, or an exception says no. */
interface RefusalContract extends Contract {

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
  default void should_go_on_as_before_when_the_container_refuses_a_write_listener_trap_65() {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.setHeader("X-Thrown", thrownBy(() -> refusedListener(response)));
              response.getOutputStream().print("text");
              throw new IllegalStateException("on purpose");
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  private static void refusedListener(HttpServletResponse response) throws IOException {
    response
        .getOutputStream()
        .setWriteListener(
            new WriteListener() {
              @Override
              public void onWritePossible() {}

              @Override
              public void onError(Throwable thrown) {}
            });
  }

  @Test
  default void should_send_the_whole_body_when_its_length_was_taken_back() {
    world()
        .serve(
            (request, response) -> {
              response.setContentLength(3);
              response.setHeader("Content-Length", null);
              response.getWriter().print("text");
            });

    assertThat(world().get().body()).isEqualTo("text");
  }

  @Test
  default void should_go_on_as_before_when_the_container_refuses_an_error_trap_65() {
    world()
        .serve(
            (request, response) -> {
              response.getWriter().print("text");
              response.flushBuffer();
              world().enqueue(thrownBy(() -> response.sendError(500)));
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).containsExactly("IllegalStateException");
  }

  @Test
  default void should_publish_all_together_when_complete_is_refused_after_dispatch_trap_65() {
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.dispatch("/next");
          world().enqueue(thrownBy(async::complete));
        },
        (request, response) -> world().enqueue("next"));

    int status = world().get("/start").statusCode();

    // Undertow does not refuse it, but completes the request while it dispatches it.
    assumeTrue(status == 200);
    assertThat(world().publishedOf(2)).containsExactly("IllegalStateException", "next");
    assertThat(world().publisher.chunks()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"end", "flush", "complete", "complete in the pass"})
  default void should_answer_500_when_a_listener_of_units_fails_the_publication(String when) {
    world().collector.unitsOfWork().listen(new Failing());
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("written");
              if (when.equals("flush")) {
                response.flushBuffer();
              } else if (when.equals("complete")) {
                AsyncContext async = request.startAsync();
                WebApps.goOn(request, async::complete);
              } else if (when.equals("complete in the pass")) {
                request.startAsync().complete();
              }
            });

    assertThat(world().get().statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_publish_nothing_more_when_it_throws_after_complete(boolean flush) {
    world()
        .serve(
            (request, response) -> {
              world().enqueue("event");
              response.getWriter().print("text");
              if (flush) {
                response.flushBuffer();
              }
              request.startAsync().complete();
              throw new IllegalStateException("on purpose");
            });

    world().statusOf("/"); // some containers answer 200 all the same

    assertThat(world().publishedOf(1)).isEqualTo(flush ? List.of("event") : List.of());
  }

  /** Says no. */
  final class Failing implements UnitOfWorkListener {

    @Override
    public void beforePublish(UnitOfWork unit) {
      throw new IllegalStateException("on purpose");
    }
  }
}
