package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.GenericServlet;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The client sees the same as without the filter. */
interface TransparencyContract extends Contract {

  World world(Threads threads) throws Exception;

  /** How the filter is set up. */
  enum Arrangement {
    WITHOUT,

    /** With a filter that does nothing but wrap; some containers do something else then. */
    TRIVIAL,

    /** Nothing is enqueued. */
    QUIET,
    KEEP,
    REQUIRE
  }

  @TestFactory
  default Stream<DynamicTest> should_answer_the_same_as_without_the_filter() throws Exception {
    List<Behavior> behaviors = allButRequests();
    behaviors.addAll(Arrays.asList(RequestBehavior.values()));
    return compared(behaviors, RawHttp::exchange);
  }

  @TestFactory
  default Stream<DynamicTest> should_answer_the_same_as_without_the_filter_over_http_2()
      throws Exception {
    List<Behavior> behaviors = allButRequests();
    behaviors.remove(StatusBehavior.EARLY_HINTS); // the client of the JDK does not expect them
    return compared(behaviors, Http2::exchange);
  }

  private static List<Behavior> allButRequests() {
    List<Behavior> behaviors = new ArrayList<>();
    behaviors.addAll(Arrays.asList(BodyBehavior.values()));
    behaviors.addAll(Arrays.asList(StatusBehavior.values()));
    behaviors.addAll(Arrays.asList(DispatchBehavior.values()));
    behaviors.addAll(Arrays.asList(AsyncBehavior.values()));
    behaviors.addAll(Arrays.asList(ReportBehavior.values()));
    return behaviors;
  }

  private Stream<DynamicTest> compared(List<Behavior> behaviors, Exchange exchange)
      throws Exception {
    List<World> worlds = new ArrayList<>();
    for (Arrangement arrangement : Arrangement.values()) {
      World world = world(Threads.PLATFORM);
      deploy(world, arrangement, behaviors);
      worlds.add(world);
    }
    return behaviors.stream()
        .map(
            behavior ->
                DynamicTest.dynamicTest(
                    behavior.getClass().getSimpleName() + "." + behavior.name(),
                    () -> compare(worlds, behavior, exchange)))
        .onClose(() -> worlds.forEach(TransparencyContract::close));
  }

  /** Sends a request, and puts what is answered into words. */
  @FunctionalInterface
  interface Exchange {
    String with(int port, String method, String path, String rest) throws Exception;
  }

  private static void close(World world) {
    try {
      world.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void deploy(World world, Arrangement arrangement, List<Behavior> behaviors) {
    world.deploy(
        context -> {
          if (arrangement == Arrangement.TRIVIAL) {
            addTrivialFilter(context);
          } else if (arrangement != Arrangement.WITHOUT) {
            var filter =
                EventPublishingFilter.builder()
                    .collector(world.collector)
                    .mode(arrangement == Arrangement.REQUIRE ? Mode.REQUIRE : Mode.KEEP);
            WebApps.addFilter(
                context,
                "events",
                filter.build(),
                arrangement == Arrangement.KEEP
                    ? EnumSet.complementOf(EnumSet.of(DispatcherType.INCLUDE))
                    : EnumSet.allOf(DispatcherType.class));
          }
          for (Behavior behavior : behaviors) {
            String name = behavior.getClass().getSimpleName() + "." + behavior.name();
            var servlet =
                WebApps.addServlet(
                    context,
                    "/start/" + name,
                    (request, response) -> {
                      request.setAttribute("behavior", behavior);
                      if (arrangement.compareTo(Arrangement.QUIET) > 0) {
                        world.enqueue("event");
                      }
                      behavior.start().on(request, response);
                    });
            servlet.setMultipartConfig(new MultipartConfigElement(""));
          }
          var plain = context.addServlet("plain", new PlainServlet(() -> {}));
          plain.addMapping("/plain");
          plain.setAsyncSupported(true);
          WebApps.addServlet(
                  context,
                  "/next/*",
                  (request, response) ->
                      ((Behavior) request.getAttribute("behavior")).next().on(request, response))
              .setMultipartConfig(new MultipartConfigElement(""));
        });
  }

  /** It does nothing but wrap. */
  static void addTrivialFilter(ServletContext context) {
    WebApps.addFilter(
        context,
        "trivial",
        (request, response, chain) ->
            chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request),
                new HttpServletResponseWrapper((HttpServletResponse) response)),
        EnumSet.of(DispatcherType.REQUEST));
  }

  private static void compare(List<World> worlds, Behavior behavior, Exchange exchange)
      throws Exception {
    String without = answer(worlds.get(0), behavior, exchange);
    String trivial = answer(worlds.get(1), behavior, exchange);
    for (Arrangement arrangement : Arrangement.values()) {
      assertThat(answer(worlds.get(arrangement.ordinal()), behavior, exchange))
          .as(arrangement.name())
          .isIn(without, trivial);
    }
  }

  private static String answer(World world, Behavior behavior, Exchange exchange) throws Exception {
    String path = world.uri("").getPath();
    String servlet = behavior.getClass().getSimpleName() + "." + behavior.name();
    return exchange
        .with(world.port(), behavior.method(), path + "/start/" + servlet, behavior.rest())
        .replace(path, "/app");
  }

  /** For requests of any protocol. */
  final class PlainServlet extends GenericServlet {
    private static final long serialVersionUID = 1L;
    private final transient Runnable work;

    PlainServlet(Runnable work) {
      this.work = work;
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) throws IOException {
      work.run();
      response.getWriter().print(request.getDispatcherType());
      response.getWriter().print(request.getClass().getSimpleName());
    }
  }
}
