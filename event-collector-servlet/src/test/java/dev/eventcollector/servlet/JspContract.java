package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Outcome;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import dev.eventcollector.servlet.TransparencyContract.Arrangement;
import jakarta.servlet.ServletContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSPs, by the engines that belong to the containers: Jetty's and Tomcat's Jasper, Jastow. */
interface JspContract extends Contract {

  World world(Threads threads) throws Exception;

  String ENQUEUE =
      "<%% ((java.util.function.Consumer<String>) application.getAttribute(\"enqueue\"))"
          + ".accept(\"%s\"); %%>";

  Map<String, String> JSPS =
      Map.of(
          "page.jsp",
          ENQUEUE.formatted("page") + "page, ${param.x}, ${pageContext.request.queryString}",
          "much.jsp",
          ENQUEUE.formatted("much") + "<% for (int i = 0; i < 10000; i++) { %>much text<% } %>",
          "redirect.jsp",
          ENQUEUE.formatted("redirect") + "dropped<% response.sendRedirect(\"page.jsp\"); %>",
          "forward.jsp",
          "dropped"
              + ENQUEUE.formatted("forward")
              + "<jsp:forward page=\"page.jsp\"><jsp:param name=\"x\" value=\"1\"/></jsp:forward>",
          "include.jsp",
          "before "
              + ENQUEUE.formatted("before")
              + "<jsp:include page=\"page.jsp\" flush=\"false\"/>"
              + "<jsp:include page=\"page.jsp?x=2\" flush=\"true\"/>"
              + ENQUEUE.formatted("after")
              + " after",
          "fails.jsp",
          "<%@ page errorPage=\"error.jsp\" %>dropped"
              + ENQUEUE.formatted("fails")
              + "<% if (true) throw new IllegalStateException(\"on purpose\"); %>",
          "fails-late.jsp",
          "<%@ page errorPage=\"error.jsp\" %>begun<% out.flush(); %>"
              + ENQUEUE.formatted("late")
              + "<% if (true) throw new IllegalStateException(\"on purpose\"); %>",
          "error.jsp",
          "<%@ page isErrorPage=\"true\" %>"
              + ENQUEUE.formatted("error")
              + "<% if (request.getParameter(\"ok\") != null) response.setStatus(200); %>"
              + "error page for <%= exception %>");

  /** A request, and which of its events are published. */
  record Visit(String path, List<String> published) {}

  List<Visit> VISITS =
      List.of(
          new Visit("/page.jsp?x=0", List.of("page")),
          new Visit("/much.jsp", List.of("much")),
          new Visit("/redirect.jsp", List.of("redirect")),
          new Visit("/forward.jsp", List.of("forward", "page")),
          new Visit("/include.jsp", List.of("before", "page", "page", "after")),
          new Visit("/to/forward", List.of("servlet", "page")),
          new Visit("/to/include", List.of("servlet", "page")),
          new Visit("/fails.jsp", List.of()),
          new Visit("/fails.jsp?ok=1", List.of("fails", "error")),
          new Visit("/to/sendError", List.of()),
          new Visit("/to/sendError?ok=1", List.of("error")),
          new Visit("/to/throw", List.of()),
          new Visit("/to/throw?ok=1", List.of("error")),
          new Visit("/missing.jsp", List.of()));

  private World deploy(Path directory, Arrangement arrangement) throws Exception {
    World world = world(Threads.PLATFORM);
    Consumer<String> enqueue = enqueues(arrangement) ? world::enqueue : event -> {};
    world.documents(directory.resolve("documents"));
    world.errorPages(
        new Container.Pages(
            null, Map.of(409, "/error.jsp"), Map.of(IllegalArgumentException.class, "/error.jsp")));
    world.deploy(
        context -> {
          if (arrangement == Arrangement.TRIVIAL) {
            TransparencyContract.addTrivialFilter(context);
          } else if (arrangement != Arrangement.WITHOUT) {
            Mode mode = arrangement == Arrangement.REQUIRE ? Mode.REQUIRE : Mode.KEEP;
            world.addFilter(context, EventPublishingFilter.builder().mode(mode));
          }
          context.setAttribute("enqueue", enqueue);
          world.addJsp(context, directory.resolve("compiled"));
          addServlet(context, enqueue);
        });
    return world;
  }

  private static boolean enqueues(Arrangement arrangement) {
    return arrangement.compareTo(Arrangement.QUIET) > 0;
  }

  private static void addServlet(ServletContext context, Consumer<String> enqueue) {
    WebApps.addServlet(
        context,
        "/to/*",
        (request, response) -> {
          enqueue.accept("servlet");
          response.getWriter().print("servlet, ");
          switch (request.getPathInfo()) {
            case "/forward" ->
                request.getRequestDispatcher("/page.jsp?x=3").forward(request, response);
            case "/include" ->
                request.getRequestDispatcher("/page.jsp?x=4").include(request, response);
            case "/sendError" -> response.sendError(409);
            default -> throw new IllegalArgumentException("on purpose");
          }
        });
  }

  private static void write(Path directory) throws Exception {
    Path documents = Files.createDirectories(directory.resolve("documents"));
    Files.createDirectories(directory.resolve("compiled"));
    for (Map.Entry<String, String> jsp : JSPS.entrySet()) {
      Files.writeString(documents.resolve(jsp.getKey()), jsp.getValue());
    }
  }

  private static String visit(World world, String path) throws Exception {
    String app = world.uri("").getPath();
    return RawHttp.exchange(world.port(), "GET", app + path, "\r\n").replace(app, "/app");
  }

  @Test
  default void should_answer_the_same_as_without_the_filter_when_jsps_do(@TempDir Path directory)
      throws Exception {
    write(directory);
    List<Map<String, String>> answers = new ArrayList<>();
    for (Arrangement arrangement : Arrangement.values()) {
      try (World world = deploy(directory, arrangement)) {
        Map<String, String> here = new HashMap<>();
        for (Visit visit : VISITS) {
          int before = world.publisher.published().size();
          here.put(visit.path(), visit(world, visit.path()));
          await().until(() -> world.collector.state().collected() == 0);
          List<String> published = world.publisher.published();
          assertThat(published.subList(before, published.size()))
              .as("published after %s, %s", visit.path(), arrangement)
              .isEqualTo(enqueues(arrangement) ? visit.published() : List.of());
        }
        answers.add(here);
      }
    }
    for (Arrangement arrangement : Arrangement.values()) {
      for (Visit visit : VISITS) {
        assertThat(answers.get(arrangement.ordinal()).get(visit.path()))
            .as("answer to %s, %s", visit.path(), arrangement)
            .isIn(answers.get(0).get(visit.path()), answers.get(1).get(visit.path()));
      }
    }
  }

  @Test
  default void should_answer_503_when_events_of_jsps_are_not_confirmed(@TempDir Path directory)
      throws Exception {
    write(directory);
    try (World world = deploy(directory, Arrangement.REQUIRE)) {
      world.publisher.answerWith(Outcome.notSent("down"));
      for (Visit visit : VISITS) {
        if (!visit.published().isEmpty()) {
          assertThat(visit(world, visit.path())).as(visit.path()).startsWith("HTTP/1.1 503");
        }
      }
    }
  }
}
