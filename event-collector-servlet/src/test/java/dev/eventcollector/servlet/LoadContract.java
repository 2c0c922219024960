package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eventcollector.UnitOfWork;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many requests at the same time, of every kind. */
interface LoadContract extends Contract {

  int CLIENTS = 64;
  int REQUESTS_PER_CLIENT = 25;

  World world(Threads threads) throws Exception;

  /** How a request goes, and what is to be published of its two events. */
  enum Kind {
    SUCCESS(2),
    REDIRECT(2),
    COMMITTED_EARLY(2),
    STATUS(0),
    ERROR(0),
    EXCEPTION(0),
    EXCEPTION_AFTER_COMMIT(1),
    ASYNC_SUCCESS(2),
    ASYNC_FAILURE(0),
    DISPATCHED(2),
    DISPATCHED_FAILURE(0);

    final int published;

    Kind(int published) {
      this.published = published;
    }
  }

  @ParameterizedTest
  @EnumSource
  default void should_publish_the_events_of_successes_only_when_many_requests_run_at_once(
      Threads threads) throws Exception {
    assumeTrue(threads == Threads.PLATFORM || Threads.virtualThreadsExist());
    Queue<String> complaints = new ConcurrentLinkedQueue<>();
    try (World world = world(threads)) {
      world.serve(new Servlet(world, threads, complaints)::serve);

      List<String> expected = new ArrayList<>();
      ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
      try {
        List<Future<List<String>>> all = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
          all.add(clients.submit(client(world, client)));
        }
        for (Future<List<String>> one : all) {
          expected.addAll(one.get());
        }
      } finally {
        clients.shutdownNow();
      }

      await().until(() -> world.collector.state().collected() == 0);
      assertThat(world.publisher.published()).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(world.publisher.chunks())
          .allSatisfy(
              chunk ->
                  assertThat(chunk.stream().map(event -> event.split("#", 2)[0]).distinct())
                      .hasSize(1));
      assertThat(complaints).isEmpty();
    }
  }

  /** Sends requests; answers what should be published, as the responses tell. */
  private static Callable<List<String>> client(World world, int client) {
    return () -> {
      List<String> expected = new ArrayList<>();
      Random random = new Random(client);
      for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        String id = kind + "-" + client + "-" + i;
        int status = world.statusOf("/?kind=" + kind + "&id=" + id);
        boolean told200 = status > 0 && status < 400;
        if (kind != Kind.EXCEPTION_AFTER_COMMIT) { // some containers cut the response off then
          assertThat(told200).as("%s: %d", id, status).isEqualTo(kind.published == 2);
        }
        for (int event = 1; event <= kind.published; event++) {
          expected.add(id + "#" + event);
        }
      }
      return expected;
    };
  }

  /** The work of each request. */
  record Servlet(World world, Threads threads, Queue<String> complaints) {

    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
      String id = request.getParameter("id");
      Kind kind = Kind.valueOf(request.getParameter("kind"));
      if (Threads.isVirtual(Thread.currentThread()) != (threads == Threads.VIRTUAL)) {
        complaints.add("on the wrong kind of thread: " + Thread.currentThread());
      }
      if (request.getDispatcherType() == DispatcherType.ASYNC) {
        world.enqueue(id + "#2");
        if (kind == Kind.DISPATCHED_FAILURE) {
          throw new IllegalStateException("on purpose");
        }
        return;
      }
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        return;
      }
      if (!world.collector.eventsToPublish().isEmpty()) {
        complaints.add(id + " began with " + world.collector.eventsToPublish());
      }
      world.enqueue(id + "#1");
      switch (kind) {
        case ASYNC_SUCCESS, ASYNC_FAILURE -> goOn(request, response, id, kind);
        case DISPATCHED, DISPATCHED_FAILURE -> request.startAsync().dispatch();
        default -> {
          commitIfThatIsTheKind(kind, response);
          world.enqueue(id + "#2");
          end(kind, response);
        }
      }
    }

    private void goOn(
        HttpServletRequest request, HttpServletResponse response, String id, Kind kind) {
      AsyncContext async = request.startAsync();
      CompletableFuture.runAsync(
          () -> {
            try (UnitOfWork.Binding bound = EventPublishingFilter.bind(request)) {
              world.enqueue(id + "#2");
            }
            response.setStatus(kind == Kind.ASYNC_SUCCESS ? 200 : 500);
            async.complete();
          });
    }

    private static void commitIfThatIsTheKind(Kind kind, HttpServletResponse response)
        throws IOException {
      if (kind == Kind.COMMITTED_EARLY || kind == Kind.EXCEPTION_AFTER_COMMIT) {
        response.getWriter().print("begun");
        response.flushBuffer();
      }
    }

    private static void end(Kind kind, HttpServletResponse response) throws IOException {
      switch (kind) {
        case REDIRECT -> response.sendRedirect("/elsewhere");
        case STATUS -> response.setStatus(422);
        case ERROR -> response.sendError(404);
        case EXCEPTION, EXCEPTION_AFTER_COMMIT -> throw new IllegalStateException("on purpose");
        default -> response.getWriter().print("done");
      }
    }
  }
}
