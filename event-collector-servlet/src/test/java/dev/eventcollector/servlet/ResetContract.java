package dev.eventcollector.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import jakarta.servlet.AsyncContext;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Containers that fail an asynchronous request when its client resets the HTTP/2 stream, as a
 * browser does that leaves a page (jetty.project 824 and 12313). Undertow does not notice.
 */
interface ResetContract extends Contract {

  @Test
  default void should_say_what_it_drops_when_the_client_resets_an_async_request() throws Exception {
    CountDownLatch enqueued = new CountDownLatch(1);
    CountDownLatch reset = new CountDownLatch(1);
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    world()
        .serve(
            (request, response) -> {
              if (request.getPathInfo().equals("/first")) {
                return; // the request that makes the connection one of HTTP/2
              }
              AsyncContext async = request.startAsync();
              async.setTimeout(0);
              WebApps.goOn(
                  request,
                  () -> {
                    world().enqueue("work");
                    enqueued.countDown();
                    awaitQuietly(reset);
                    late.complete(catchThrowable(() -> world().enqueue("late")));
                  });
            });
    Logger logger = (Logger) LoggerFactory.getLogger(EventPublishingFilter.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.WARN);
    try {
      Http2.CLIENT.send(
          HttpRequest.newBuilder(world().uri("/first")).build(), BodyHandlers.discarding());
      CompletableFuture<?> response =
          Http2.CLIENT.sendAsync(
              HttpRequest.newBuilder(world().uri("/")).build(), BodyHandlers.discarding());
      awaitQuietly(enqueued);
      response.cancel(true);

      await().until(() -> !log.list.isEmpty());
      reset.countDown();
    } finally {
      logger.setLevel(null);
      logger.detachAppender(log);
    }

    assertThat(log.list)
        .singleElement()
        .asString()
        .matches(
            "\\[WARN] the container has failed GET /app\\d+/ \\(.*\\), 1 event\\(s\\) dropped");
    assertThat(late).succeedsWithin(60, TimeUnit.SECONDS).isInstanceOf(IllegalStateException.class);
    assertThat(world().publisher.published()).isEmpty();
    assertThat(world().collector.state().cleared()).isEqualTo(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
