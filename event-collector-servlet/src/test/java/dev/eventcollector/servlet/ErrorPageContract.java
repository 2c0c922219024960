package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Outcome;
import jakarta.servlet.AsyncContext;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Error pages, which the container dispatches to when a request has failed. */
interface ErrorPageContract extends Contract {

  private void deploy(
      EventPublishingFilterBuilder filter, WebApps.Work start, WebApps.Work errorPage) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, filter);
              WebApps.addServlet(context, "/start", start);
              WebApps.addServlet(context, "/error", errorPage);
            });
  }

  @ParameterizedTest
  @CsvSource({"throws, 200", "throws, 500", "sends, 200", "sends, 500"})
  default void should_judge_an_error_page_by_its_own_status(String failure, int status) {
    world().errorPage("/error");
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          world().enqueue("event");
          if (failure.equals("throws")) {
            throw new IllegalStateException("on purpose");
          }
          response.sendError(500);
        },
        (request, response) -> {
          world().enqueue("error page");
          response.setStatus(status);
          response.getWriter().print("never mind");
        });

    HttpResponse<String> response = world().get("/start");

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo("never mind");
    assertThat(world().publishedOf(2)).isEqualTo(status == 200 ? List.of("error page") : List.of());
  }

  @Test
  default void should_judge_the_error_page_apart_when_an_async_request_fails() {
    world().errorPage("/error");
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          world().enqueue("event");
          request.startAsync().setTimeout(100);
        },
        (request, response) -> {
          world().enqueue("error page");
          response.setStatus(200);
        });

    assertThat(world().get("/start").statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(2)).containsExactly("error page");
  }

  @Test
  default void should_use_the_error_page_when_it_answers_503() {
    world().errorPage("/error");
    world().publisher.answerWith(Outcome.notSent("down"));
    deploy(
        EventPublishingFilter.builder().mode(EventPublishingFilter.Mode.REQUIRE),
        (request, response) -> world().enqueue("event"),
        (request, response) -> response.getWriter().print("come again"));

    HttpResponse<String> response = world().get("/start");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("10");
    assertThat(response.body()).isEqualTo("come again");
  }

  @Test
  default void should_show_the_whole_error_page_when_the_body_that_it_replaces_had_a_length() {
    world().errorPage("/error");
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          response.setContentLength(2);
          response.getWriter().print("ok");
          response.sendError(404);
        },
        (request, response) -> response.getWriter().print("never mind"));

    HttpResponse<String> response = world().get("/start");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("never mind");
  }

  @Test
  default void should_clear_when_an_error_page_that_is_not_filtered_makes_up_for_an_async_error() {
    world().errorPage("/error");
    world()
        .deploy(
            context -> {
              world().addFilterOfRequestsOnly(context);
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    AsyncContext async = request.startAsync();
                    world().enqueue("event");
                    WebApps.goOn(
                        request,
                        () -> {
                          WebApps.send(response, 500);
                          async.complete();
                        });
                  });
              WebApps.addServlet(context, "/error", (request, response) -> response.setStatus(200));
            });

    assertThat(world().get("/start").statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).isEmpty();
  }
}
