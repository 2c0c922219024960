package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.ServletRequestAttributeListener;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Units of work are found by no trace that the application would see. */
interface NoticeContract extends Contract {

  private void deploy(EventPublishingFilterBuilder filter, WebApps.Work start, WebApps.Work next) {
    world()
        .deploy(
            context -> {
              world().addFilter(context, filter);
              WebApps.addServlet(context, "/start", start);
              WebApps.addServlet(context, "/next", next);
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_not_be_noticed_by_attribute_listeners_trap_66(boolean async) {
    AttributeNames names = new AttributeNames();
    List<String> listed = new CopyOnWriteArrayList<>();
    world()
        .deploy(
            context -> {
              context.addListener(names);
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    request.setAttribute("own", 1);
                    request.getAttributeNames().asIterator().forEachRemaining(listed::add);
                    world().enqueue("event");
                    if (async && request.getDispatcherType() == DispatcherType.REQUEST) {
                      request.startAsync().dispatch();
                    }
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(async ? 2 : 1)).isNotEmpty();
    assertThat(world().publisher.chunks()).hasSize(1);
    assertThat(names.seen).contains("own").noneMatch(name -> name.contains("eventcollector"));
    assertThat(listed).contains("own").noneMatch(name -> name.contains("eventcollector"));
  }

  /** Those of the attributes that were set, replaced or removed. */
  final class AttributeNames implements ServletRequestAttributeListener {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Override
    public void attributeAdded(ServletRequestAttributeEvent event) {
      seen.add(event.getName());
    }

    @Override
    public void attributeRemoved(ServletRequestAttributeEvent event) {
      seen.add(event.getName());
    }

    @Override
    public void attributeReplaced(ServletRequestAttributeEvent event) {
      seen.add(event.getName());
    }
  }

  @Test
  default void
      should_belong_to_the_request_when_a_forward_is_given_the_unwrapped_request_trap_66() {
    deploy(
        EventPublishingFilter.builder(),
        (request, response) -> {
          world().enqueue("before");
          request.getRequestDispatcher("/next").forward(unwrapped(request), response);
          world().enqueue("after");
          response.setStatus(500);
        },
        (request, response) -> {
          world().enqueue("forwarded");
          EventPublishingFilter.bind(unwrapped(request)).close();
          throw new IllegalStateException("on purpose");
        });

    assertThat(world().get("/start").statusCode()).isEqualTo(500);

    assertThat(world().publishedOf(2)).isEmpty();
  }

  private static ServletRequest unwrapped(HttpServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner;
  }

  @Test
  default void should_be_found_by_the_unwrapped_request_when_that_goes_on_elsewhere_trap_66() {
    world()
        .serve(
            (request, response) -> {
              AsyncContext async = request.startAsync();
              ServletRequest inner = unwrapped(request);
              world().enqueue("first");
              WebApps.goOn(
                  inner,
                  () -> {
                    world().enqueue("second");
                    async.complete();
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publisher.chunks()).containsExactly(List.of("first", "second"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  default void should_answer_as_told_when_it_is_completed_while_the_filter_looks(
      boolean unwrapped) {
    Filter front =
        (request, response, chain) -> {
          CompletedWhenSeen seen = new CompletedWhenSeen((HttpServletRequest) request);
          chain.doFilter(seen, response);
          seen.complete();
        };
    world()
        .deploy(
            context -> {
              WebApps.addFilter(context, "front", front, EnumSet.of(DispatcherType.REQUEST));
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addServlet(
                  context,
                  "/*",
                  (request, response) -> {
                    AsyncContext async = (unwrapped ? unwrapped(request) : request).startAsync();
                    world().enqueue("event");
                    request.setAttribute(CompletedWhenSeen.ASYNC, async);
                  });
            });

    assertThat(world().get().statusCode()).isEqualTo(200);

    assertThat(world().publishedOf(1)).containsExactly("event");
  }

  /** Another thread completes it as soon as somebody has seen that it is asynchronous. */
  final class CompletedWhenSeen extends HttpServletRequestWrapper {
    private static final String ASYNC = "async";

    private CompletedWhenSeen(HttpServletRequest request) {
      super(request);
    }

    @Override
    public boolean isAsyncStarted() {
      boolean started = super.isAsyncStarted();
      if (started) {
        complete();
      }
      return started;
    }

    private void complete() {
      if (getAttribute(ASYNC) instanceof AsyncContext async) {
        removeAttribute(ASYNC);
        CompletableFuture.runAsync(async::complete).join();
      }
    }
  }

  @Test
  default void should_publish_once_for_all_when_it_is_mapped_to_every_dispatcher_type_trap_67() {
    world().errorPage("/error");
    Filter inner = (request, response, chain) -> chain.doFilter(request, response);
    world()
        .deploy(
            context -> {
              world().addFilter(context, EventPublishingFilter.builder());
              WebApps.addFilter(context, "inner", inner, EnumSet.allOf(DispatcherType.class));
              WebApps.addServlet(
                  context,
                  "/start",
                  (request, response) -> {
                    world().enqueue("REQUEST");
                    request.getRequestDispatcher("/tell").include(request, response);
                    request.getRequestDispatcher("/async").forward(request, response);
                  });
              WebApps.addServlet(
                  context,
                  "/async",
                  (request, response) -> {
                    world().enqueue(request.getDispatcherType().name());
                    request.startAsync().dispatch("/tell?fail=" + request.getParameter("fail"));
                  });
              WebApps.addServlet(
                  context,
                  "/tell",
                  (request, response) -> {
                    world().enqueue(request.getDispatcherType().name());
                    if (request.getDispatcherType() == DispatcherType.ASYNC
                        && "true".equals(request.getParameter("fail"))) {
                      response.sendError(409);
                    }
                  });
              WebApps.addServlet(
                  context,
                  "/error",
                  (request, response) -> {
                    world().enqueue(request.getDispatcherType().name());
                    response.setStatus(200);
                  });
            });

    assertThat(world().get("/start?fail=false").statusCode()).isEqualTo(200);
    assertThat(world().publishedOf(4)).containsExactly("REQUEST", "INCLUDE", "FORWARD", "ASYNC");
    assertThat(world().publisher.chunks()).hasSize(1);

    assertThat(world().get("/start?fail=true").statusCode()).isEqualTo(200);
    assertThat(world().publishedOf(9).subList(4, 5)).containsExactly("ERROR");
  }
}
