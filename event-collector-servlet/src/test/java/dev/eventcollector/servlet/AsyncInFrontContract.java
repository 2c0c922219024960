package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that are asynchronous before they reach the filter, as others have made them so, and
 * clients that do not wait for the end. Users of other filters have reported that these are lost
 * (spring-framework 32730, jersey 3719).
 */
interface AsyncInFrontContract extends Contract {

  /** The behavior of a filter in front. */
  enum Front implements Filter {
    /** Limits the requests that run at once, for example. */
    SUSPENDS {
      @Override
      public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
          request.startAsync().dispatch();
        } else {
          chain.doFilter(request, response);
        }
      }
    },

    /** Leaves the end to the rest of the chain. */
    STARTS {
      @Override
      public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        if (!request.isAsyncStarted() && request.getDispatcherType() == DispatcherType.REQUEST) {
          request.startAsync();
        }
        chain.doFilter(request, response);
      }
    },

    /** Does it all by itself. */
    STARTS_AND_COMPLETES {
      @Override
      public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
          throws IOException, ServletException {
        AsyncContext async = request.startAsync();
        chain.doFilter(request, response);
        async.complete();
      }
    };
  }

  /** How the servlet ends the request. */
  enum End {
    RETURNS,
    COMPLETES,
    COMPLETES_ELSEWHERE,
    DISPATCHES
  }

  @ParameterizedTest
  @CsvSource({
    "SUSPENDS, RETURNS, KEEP", "SUSPENDS, RETURNS, REQUIRE",
    "SUSPENDS, COMPLETES_ELSEWHERE, KEEP", "SUSPENDS, COMPLETES_ELSEWHERE, REQUIRE",
    "SUSPENDS, DISPATCHES, KEEP", "SUSPENDS, DISPATCHES, REQUIRE",
    "STARTS, COMPLETES, KEEP", "STARTS, COMPLETES, REQUIRE",
    "STARTS, COMPLETES_ELSEWHERE, KEEP", "STARTS, COMPLETES_ELSEWHERE, REQUIRE",
    "STARTS, DISPATCHES, KEEP", "STARTS, DISPATCHES, REQUIRE",
    "STARTS_AND_COMPLETES, RETURNS, KEEP", "STARTS_AND_COMPLETES, RETURNS, REQUIRE"
  })
  default void should_publish_all_together_when_a_filter_in_front_makes_it_asynchronous_trap_76(
      Front front, End end, Mode mode) {
    if (mode == Mode.REQUIRE) {
      world().publisher.answerWith(Outcome.notSent("down"));
    }
    world()
        .deploy(
            context -> {
              WebApps.addFilter(
                  context,
                  "front",
                  front,
                  EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
              world().addFilter(context, EventPublishingFilter.builder().mode(mode));
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    world().enqueue("first");
                    response.setContentLength(4);
                    response.getWriter().print("text");
                    if (end != End.RETURNS) {
                      AsyncContext async =
                          request.isAsyncStarted()
                              ? request.getAsyncContext()
                              : request.startAsync();
                      switch (end) {
                        case COMPLETES -> async.complete();
                        case DISPATCHES -> async.dispatch("/next");
                        default ->
                            WebApps.goOn(
                                request,
                                () -> {
                                  world().enqueue("second");
                                  async.complete();
                                });
                      }
                    }
                  });
              WebApps.addServlet(
                  context, "/next", (request, response) -> world().enqueue("second"));
            });

    HttpResponse<String> response = world().get("/start");

    int events = end == End.RETURNS || end == End.COMPLETES ? 1 : 2;
    await().until(() -> world().collector.state().collected() == 0);
    if (mode == Mode.KEEP) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("text");
      assertThat(world().publisher.chunks())
          .containsExactly(List.of("first", "second").subList(0, events));
    } else {
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(world().collector.state().owed()).isEqualTo(events);
    }
  }

  @Test
  default void should_hold_nothing_of_an_async_request_when_its_client_is_gone() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(30_000);
              world().enqueue("work");
              WebApps.goOn(
                  request,
                  () -> {
                    try {
                      response.flushBuffer();
                      gone.await(60, TimeUnit.SECONDS);
                      world().enqueue("answered");
                      while (true) {
                        response.getOutputStream().write(new byte[10_000]);
                        response.getOutputStream().flush();
                      }
                    } catch (IOException | InterruptedException | RuntimeException e) {
                      failed.countDown();
                    }
                    BodyBehavior.thrownBy(async::complete); // the container may have, already
                  });
            });

    try (Socket socket = new Socket("127.0.0.1", world().port())) {
      String head =
          "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(world().uri("/").getPath());
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
      socket.setSoLinger(true, 0);
    }
    gone.countDown();

    assertThat(failed.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(world().publishedOf(2)).startsWith("work");
  }

  @Test
  default void should_refuse_as_without_the_filter_when_the_servlet_does_not_support_async() {
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                      context,
                      "/*",
                      (request, response) ->
                          world().enqueue(BodyBehavior.thrownBy(request::startAsync)))
                  .setAsyncSupported(false);
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).containsExactly("IllegalStateException");
  }
}
