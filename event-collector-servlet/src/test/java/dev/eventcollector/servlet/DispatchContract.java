package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UnitOfWork;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that pass the filter more than once. */
interface DispatchContract extends Contract {

  /** Deploys the work of {@code /start}, and of {@code /next}, which it dispatches to. */
  private void deploy(WebApps.Work start, WebApps.Work next) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(context, "/start", start);
              WebApps.addServlet(context, "/next", next);
            });
  }

  @Test
  default void should_publish_all_together_when_the_request_is_forwarded() {
    deploy(
        (request, response) -> {
          world().enqueue("before");
          request.getRequestDispatcher("/next").forward(request, response);
          world().enqueue("after");
        },
        (request, response) -> {
          world().enqueue("forwarded");
          response.getWriter().print("body");
        });

    assertThat(world().get("/start").body()).isEqualTo("body");

    assertThat(world().publishedOf(3)).containsExactly("before", "forwarded", "after");
  }

  @Test
  default void should_clear_all_when_the_forward_fails() {
    deploy(
        (request, response) -> {
          world().enqueue("before");
          request.getRequestDispatcher("/next").forward(request, response);
        },
        (request, response) -> {
          world().enqueue("forwarded");
          response.sendError(404);
        });

    assertThat(world().get("/start").statusCode()).isEqualTo(404);

    assertThat(world().publishedOf(2)).isEmpty();
  }

  @Test
  default void should_publish_all_together_when_the_request_includes_another() {
    deploy(
        (request, response) -> {
          world().enqueue("before");
          request.getRequestDispatcher("/next").include(request, response);
          world().enqueue("after");
        },
        (request, response) -> {
          world().enqueue("included");
          response.setStatus(500);
          response.getWriter().print("body");
        });

    assertThat(world().get("/start").body()).isEqualTo("body");

    assertThat(world().publisher.chunks()).containsExactly(List.of("before", "included", "after"));
  }

  @Test
  default void should_publish_when_an_included_resource_sends_an_error_in_vain() {
    deploy(
        (request, response) -> {
          world().enqueue("event");
          request.getRequestDispatcher("/next").include(request, response);
        },
        (request, response) -> response.sendError(404));

    int status = world().get("/start").statusCode();

    assertThat(world().publishedOf(1)).isEqualTo(status == 200 ? List.of("event") : List.of());
  }

  @Test
  default void should_not_take_the_content_length_of_an_included_resource_for_the_response() {
    deploy(
        (request, response) -> {
          request.getRequestDispatcher("/next").include(request, response);
          response.getWriter().print("def");
        },
        (request, response) -> {
          response.setContentLength(3);
          response.setIntHeader("Content-Length", 3);
          response.getWriter().print("abc");
        });

    assertThat(world().get("/start").body()).isEqualTo("abcdef");
  }

  @ParameterizedTest
  @EnumSource(
      value = Commit.class,
      names = {"FLUSH_BUFFER", "FLUSH_WRITER", "CLOSE_WRITER", "FILL_WRITER_AT_ONCE"})
  default void should_publish_only_when_the_client_sees_a_success_and_an_include_commits(
      Commit commit) {
    deploy(
        (request, response) -> {
          world().enqueue("event");
          request.getRequestDispatcher("/next").include(request, response);
          throw new IllegalStateException("on purpose");
        },
        (request, response) -> commit.on(response));

    int status = world().statusOf("/start");

    assertThat(world().publishedOf(1)).isEqualTo(status == 500 ? List.of() : List.of("event"));
  }

  @Test
  default void should_do_its_work_once_when_it_is_registered_twice() {
    world()
        .deploy(
            context -> {
              for (String name : List.of("first", "second")) {
                WebApps.addFilter(
                    context,
                    name,
                    new EventPublishingFilter(world().collector),
                    EnumSet.allOf(DispatcherType.class));
              }
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    world().enqueue(request.getPathInfo());
                    if (request.getPathInfo().equals("/bad")) {
                      response.setStatus(500);
                    }
                    if (request.getPathInfo().equals("/async")) {
                      request.startAsync().dispatch("/good");
                    }
                  });
            });

    assertThat(world().get("/good").statusCode()).isEqualTo(200);
    assertThat(world().get("/bad").statusCode()).isEqualTo(500);
    assertThat(world().get("/async").statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(4)).containsExactly("/good", "/async", "/good");
    assertThat(world().publisher.chunks()).hasSize(2);
  }

  @Test
  default void should_keep_units_apart_when_two_filters_have_collectors_of_their_own() {
    RecordingPublisher otherPublisher = new RecordingPublisher();
    try (PublishingEventCollector other =
        PublishingEventCollector.builder(otherPublisher).build()) {
      world()
          .deploy(
              context -> {
                world().addFilter(context, EventPublishingFilter.builder());
                WebApps.addFilter(
                    context,
                    "other",
                    EventPublishingFilter.builder().collector(other).success("500").build(),
                    EnumSet.allOf(DispatcherType.class));
                WebApps.addServlet(
                    context,
                    "/*",
                    (request, response) -> {
                      AsyncContext async = request.startAsync();
                      CompletableFuture.runAsync(
                          () -> {
                            try (UnitOfWork.Binding both = EventPublishingFilter.bind(request)) {
                              world().enqueue(request.getPathInfo());
                              other.enqueueEvent(request.getPathInfo(), "events");
                            }
                            response.setStatus(request.getPathInfo().equals("/bad") ? 500 : 200);
                            async.complete();
                          });
                    });
              });

      assertThat(world().get("/good").statusCode()).isEqualTo(200);
      assertThat(world().get("/bad").statusCode()).isEqualTo(500);

      assertThat(world().publishedOf(2)).containsExactly("/good");
      assertThat(otherPublisher.published()).containsExactly("/bad");
    }
  }

  @Test
  default void should_leave_thread_and_request_as_they_were_when_the_request_has_passed() {
    List<Object> seen = new CopyOnWriteArrayList<>();
    Filter outer =
        (request, response, chain) -> {
          world().enqueue("before");
          chain.doFilter(request, response);
          seen.addAll(Collections.list(request.getAttributeNames()));
          seen.removeIf(name -> !name.toString().startsWith("dev.eventcollector"));
          seen.add(world().collector.eventsToPublish().size());
          seen.add(world().collector.clearEventsToPublish());
        };
    world()
        .deploy(
            context -> {
              WebApps.addFilter(context, "outer", outer, EnumSet.of(DispatcherType.REQUEST));
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(context, "/*", (request, response) -> world().enqueue("event"));
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(2)).containsExactly("event");
    assertThat(seen).containsExactly(1, 1);
  }
}
