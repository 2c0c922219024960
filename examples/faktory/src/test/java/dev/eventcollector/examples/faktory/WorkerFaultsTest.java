package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Time that runs out, stops, and listeners that throw. */
class WorkerFaultsTest extends WorkerOnStandIn {

  @Test
  void should_say_so_and_not_answer_when_the_result_comes_after_the_reservation() {
    AtomicLong ahead = new AtomicLong();
    send("a");
    try (FaktoryWorker worker =
        worker()
            .clock(() -> System.nanoTime() + ahead.get())
            .handler(
                (delivery, events) -> {
                  handled.add(delivery.bodyAsText());
                  if (delivery.attempt() == 1) {
                    ahead.addAndGet(Duration.ofMinutes(12).toNanos());
                  }
                })
            .start()) {
      awaitTold("unanswered a: its reservation is over");
      assertThat(working()).isEqualTo(1);
      server.advance(Duration.ofMinutes(12));
      awaitLostFetches();
      server.advance(Duration.ofSeconds(50));
      await().atMost(LONG).until(() -> told.all.contains("completed a"));
    }
    assertThat(handled).containsExactly("a", "a");
  }

  @Test
  void should_go_on_when_the_server_no_longer_knows_a_job_that_failed() {
    send("a");
    send("b");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  if (delivery.bodyAsText().equals("a") && delivery.attempt() == 1) {
                    server.forgetReservations();
                    throw new IOException("too late");
                  }
                })
            .start()) {
      await().atMost(LONG).until(() -> told.all.contains("completed b"));
    }
    assertThat(told.all.get(0)).startsWith("unanswered a: the server no longer knows of it");
  }

  @Test
  void should_not_hold_a_job_any_longer_when_it_is_stopped() throws Exception {
    CountDownLatch tried = new CountDownLatch(2);
    EventPublisher down =
        (chunk, timeout) -> {
          tried.countDown();
          return Collections.nCopies(chunk.size(), Outcome.notSent("down"));
        };
    send("a");
    PublishingEventCollector other =
        PublishingEventCollector.builder(down).drainTimeout(Duration.ZERO).build();
    FaktoryWorker worker =
        worker()
            .collector(other)
            .handler((delivery, events) -> events.enqueueEvent("x", "out"))
            .start();
    assertThat(tried.await(60, TimeUnit.SECONDS)).isTrue();

    assertThat(worker.close(Duration.ofMillis(200))).isFalse();

    assertThat(told.all).singleElement().asString().startsWith("retry a: EventsNotConfirmed");
    assertThat(other.state().owed()).isZero();
    other.close();
  }

  @Test
  void should_close_in_bounded_time_when_the_server_does_not_answer() throws Exception {
    try (ScriptedServer scripted = ScriptedServer.answering(command -> ScriptedServer.MUTE)) {
      FaktoryWorker worker = worker(scripted.url()).start();
      await().until(() -> scripted.count("FETCH") == 1);
      long start = System.nanoTime();

      worker.close(Duration.ofMillis(100));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      worker.awaitStop();
    }
  }

  @Test
  void should_tell_the_state_to_the_server_as_long_as_it_lives() throws Exception {
    try (ScriptedServer scripted =
        ScriptedServer.answering(
            command -> command.startsWith("FETCH") ? NIL : ScriptedServer.OK)) {
      FaktoryWorker worker = worker(scripted.url()).start();
      await().until(() -> scripted.count("BEAT") >= 1);
      worker.quiet();
      await()
          .until(
              () ->
                  scripted.commands.stream()
                          .filter(c -> c.contains("\"current_state\":\"quiet\""))
                          .count()
                      >= 2);
      assertThat(scripted.commands.stream().filter(c -> c.startsWith("BEAT")))
          .allMatch(beat -> beat.matches(".*\"rss_kb\":[1-9][0-9]*[,}].*"));
      worker.close();
      await().until(() -> scripted.commands.contains("END"));
    }
  }

  @Test
  void should_discard_or_bury_a_job_by_its_own_retries() throws Exception {
    try (TestServer seen = new TestServer(server.url())) {
      for (int retry : List.of(0, -1)) {
        String job =
            "[{\"jid\":\"1234567%d\",\"queue\":\"q\",\"jobtype\":\"t\",\"args\":[%d],\"retry\":%d}]"
                .formatted(retry + 1, retry, retry);
        assertThat(((Reply.Bulk) seen.call("PUSHB", job)).text()).isEqualTo("{}");
      }
      try (FaktoryWorker worker =
          worker()
              .handler(
                  (delivery, events) -> {
                    throw new IOException("no");
                  })
              .start()) {
        awaitTold("dead [0]: java.io.IOException: no", "dead [-1]: java.io.IOException: no");
      }
      assertThat(seen.size("dead")).isEqualTo(1);
      assertThat(seen.size("retries")).isZero();
    }
  }

  @Test
  void should_keep_listeners_that_throw_from_stopping_it() {
    send("a");
    try (FaktoryWorker worker =
        FaktoryWorker.builder()
            .url(server.url())
            .queues("q")
            .collector(events)
            .listener(
                new FaktoryWorkerListener() {
                  @Override
                  public void onCompleted(
                      dev.eventcollector.rabbitmq.Delivery delivery, Duration took) {
                    throw new HostileException();
                  }
                })
            .listener(told)
            .handler((delivery, events) -> {})
            .start()) {
      awaitTold("completed a");
      send("b");
      awaitTold("completed a", "completed b");
    }
  }
}
