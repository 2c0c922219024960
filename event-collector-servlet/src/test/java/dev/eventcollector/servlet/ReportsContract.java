package dev.eventcollector.servlet;

import static dev.eventcollector.servlet.BodyBehavior.thrownBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that users of other wrapping filters have reported, beyond {@link ReportBehavior}. */
interface ReportsContract extends Contract {

  /** Bodies that are counted badly without a look at the charset or at Servlet 6.1. */
  enum Body {
    STREAM_OF_UTF_16 {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        response.setContentType("text/plain;charset=UTF-16");
        response.getOutputStream().print("x".repeat(response.getBufferSize() * 3 / 4));
      }
    },
    STREAM_OF_UTF_16_IN_PARTS {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        response.setContentType("text/plain;charset=UTF-16LE");
        for (int i = 0; i < response.getBufferSize() * 3 / 4; i += 100) {
          response.getOutputStream().print("x".repeat(100));
        }
      }
    },
    BYTE_BUFFER {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        ReportBehavior.write(
            response.getOutputStream(), ByteBuffer.allocate(response.getBufferSize()));
      }
    },
    BYTE_BUFFERS {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        for (int i = 0; i < response.getBufferSize(); i += 100) {
          ReportBehavior.write(response.getOutputStream(), ByteBuffer.allocateDirect(100));
        }
      }
    },
    LENGTH_WITH_SIGN {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        response.setHeader("Content-Length", "+7");
        response.getOutputStream().print("written");
      }
    },
    LENGTH_WITH_SPACE {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        response.setHeader("Content-Length", " 7 ");
        response.getOutputStream().print("written");
      }
    },
    LENGTH_AS_INT {
      @Override
      void fill(HttpServletResponse response) throws Exception {
        response.addIntHeader("content-length", 7);
        response.getWriter().print("written");
      }
    };

    abstract void fill(HttpServletResponse response) throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  default void should_answer_503_when_events_are_not_confirmed_before_a_body_is_full_trap_70(
      Body body) {
    world().publisher.answerWith(Outcome.notSent("down"));
    world()
        .serve(
            EventPublishingFilter.builder().mode(Mode.REQUIRE),
            (request, response) -> {
              world().enqueue("event");
              body.fill(response);
            });

    assertThat(world().get().statusCode()).isEqualTo(503);
  }

  @ParameterizedTest
  @CsvSource({
    "throw, writer, stream", "throw, stream, writer", "throw, writer, writer",
    "send, writer, stream", "send, stream, writer", "send, stream, stream"
  })
  default void should_show_the_error_page_when_something_was_written_before(
      String failure, String before, String by) {
    world().errorPage("/error");
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    print(response, before, "written");
                    if (failure.equals("throw")) {
                      throw new IllegalStateException("on purpose");
                    }
                    response.sendError(500);
                  });
              WebApps.addServlet(
                  context, "/error", (request, response) -> print(response, by, "page"));
            });

    HttpResponse<String> response = world().get("/start");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("page");
  }

  private static void print(HttpServletResponse response, String by, String text)
      throws IOException {
    if (by.equals("writer")) {
      response.getWriter().print(text);
    } else {
      response.getOutputStream().print(text);
    }
  }

  @Test
  default void should_use_the_writer_that_a_filter_in_front_has_asked_for() {
    List<String> thrown = new CopyOnWriteArrayList<>();
    world()
        .deploy(
            context -> {
              WebApps.addFilter(
                  context,
                  "front",
                  (request, response, chain) -> {
                    response.getWriter().print("front, ");
                    chain.doFilter(request, response);
                    response.getWriter().print(", front");
                  },
                  EnumSet.of(DispatcherType.REQUEST));
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    world().enqueue("event");
                    thrown.add(thrownBy(response::getOutputStream));
                    response.getWriter().print("text");
                  });
            });

    assertThat(world().get().body()).isEqualTo("front, text, front");

    assertThat(thrown).containsExactly("IllegalStateException");
    assertThat(world().publisher.published()).containsExactly("event");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_tell_a_listener_of_the_end_the_same_as_without_the_filter(boolean filtered) {
    List<String> seen = new CopyOnWriteArrayList<>();
    world()
        .deploy(
            context -> {
              if (filtered) {
                world().addFilter(context, EventPublishingFilter.builder());
              }
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.addListener(new OfTheEnd(seen), request, response);
                    async.start(async::complete);
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    await().until(() -> seen.size() == 2);
    assertThat(seen).containsExactly("nothing", "nothing");
  }

  /** Asks the event for what it was given (cf-java-logging-support 24). */
  record OfTheEnd(List<String> seen) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      seen.add(thrownBy(() -> event.getSuppliedRequest().getAttribute("x")));
      seen.add(thrownBy(() -> event.getSuppliedResponse().getContentType()));
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
