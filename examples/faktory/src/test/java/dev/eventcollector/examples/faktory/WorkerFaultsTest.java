package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.examples.faktory.FaktoryWorker.State;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers that go away, forget, and talk nonsense, and time that runs out. */
class WorkerFaultsTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String NIL = "$-1\r\n";

  private final Told told = new Told();
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private FaktoryStandIn server;
  private PublishingEventCollector events;

  @BeforeEach
  void start() {
    server = FaktoryStandIn.start();
    events =
        PublishingEventCollector.builder(FaktoryEventPublisher.builder().url(server.url()).build())
            .build();
  }

  @AfterEach
  void stop() {
    events.close();
    server.close();
  }

  private FaktoryWorkerBuilder worker() {
    return worker(server.url());
  }

  private FaktoryWorkerBuilder worker(String url) {
    return FaktoryWorker.builder()
        .url(url)
        .queues("q")
        .collector(events)
        .beatInterval(Duration.ofMillis(100))
        .stopTimeout(Duration.ofSeconds(1))
        .listener(told)
        .handler((delivery, events) -> handled.add(delivery.bodyAsText()));
  }

  private void send(String payload) {
    events.enqueueEvent(payload, "q");
    events.publish();
    await().until(() -> events.state().owed() == 0);
  }

  private void awaitTold(String... what) {
    await().atMost(LONG).untilAsserted(() -> assertThat(told.all).containsExactly(what));
  }

  private int working() {
    TestServer seen = new TestServer(server.url());
    return seen.size("working");
  }

  /** A job that comes meanwhile is reserved for connections that are no more; Faktory does that. */
  private static void awaitLostFetches() {
    await().pollDelay(Duration.ofMillis(2_300)).until(() -> true);
  }

  @Test
  void should_acknowledge_over_a_new_connection_when_the_old_one_was_lost() {
    send("a");
    try (FaktoryWorker worker =
        worker().handler((delivery, events) -> server.dropConnections()).start()) {
      awaitTold("completed a");
      assertThat(working()).isZero();
      send("b");
      await().atMost(LONG).until(() -> told.all.size() == 2);
    }
  }

  @Test
  void should_acknowledge_when_the_server_is_back_and_not_work_twice() {
    AtomicBoolean away = new AtomicBoolean();
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  handled.add(delivery.bodyAsText());
                  server.goAway();
                  away.set(true);
                })
            .start()) {
      await().untilTrue(away);
      await().pollDelay(Duration.ofMillis(300)).until(() -> told.all.isEmpty());
      server.comeBack();
      awaitTold("completed a");
    }
    assertThat(handled).containsExactly("a");
    assertThat(working()).isZero();
  }

  @Test
  void should_say_why_it_does_not_work_and_begin_when_the_server_comes() {
    server.goAway();
    try (FaktoryWorker worker = worker().start()) {
      await().until(() -> String.valueOf(worker.trouble()).contains("ConnectException"));
      server.comeBack();
      send("a");
      awaitTold("completed a");
      assertThat(worker.trouble()).isNull();
    }
    assertThat(told.all).hasSize(1);
  }

  @Test
  void should_connect_anew_when_the_server_has_reaped_it() {
    try (FaktoryWorker worker = worker().concurrency(3).start()) {
      await().until(() -> worker.trouble() == null);
      server.advance(Duration.ofSeconds(90));
      awaitLostFetches();
      for (int i = 0; i < 5; i++) {
        send("job" + i);
      }
      await().atMost(LONG).until(() -> told.all.size() == 5);
      assertThat(worker.state()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void should_introduce_itself_anew_on_every_connection_when_the_server_does_not_know_it()
      throws Exception {
    AtomicBoolean known = new AtomicBoolean(true);
    try (ScriptedServer scripted =
            ScriptedServer.answering(
                command ->
                    command.startsWith("FETCH")
                        ? NIL
                        : known.getAndSet(true) ? ScriptedServer.OK : "-ERR unknown worker x\r\n");
        FaktoryWorker worker = worker(scripted.url()).start()) {
      await().until(() -> scripted.count("HELLO") == 2);
      known.set(false);
      await().atMost(LONG).until(() -> scripted.count("HELLO") == 4);
      assertThat(scripted.commands.stream().filter(c -> c.startsWith("HELLO")))
          .allMatch(hello -> hello.contains(worker.wid()));
    }
  }

  @Test
  void should_beat_on_when_a_heartbeat_has_failed() throws Exception {
    AtomicInteger beats = new AtomicInteger();
    try (ScriptedServer scripted =
            ScriptedServer.answering(
                command -> {
                  if (command.startsWith("FETCH")) {
                    return NIL;
                  }
                  int beat = beats.incrementAndGet();
                  return beat == 1
                      ? "-ERR something\r\n"
                      : beat == 2
                          ? ScriptedServer.CLOSE
                          : beat == 3 ? "$3\r\n{x}\r\n" : beat == 4 ? ":1\r\n" : ScriptedServer.OK;
                });
        FaktoryWorker worker = worker(scripted.url()).start()) {
      await().atMost(LONG).until(() -> beats.get() >= 6);
      assertThat(worker.state()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  void should_go_on_when_the_server_answers_a_fetch_with_nonsense() throws Exception {
    String job = "{\"jid\":\"12345678\",\"queue\":\"q\",\"jobtype\":\"t\",\"args\":[\"last\"]}";
    List<String> answers =
        List.of(
            ":1\r\n",
            "+OK\r\n",
            "$0\r\n\r\n",
            "-ERR shutdown in progress\r\n",
            ScriptedServer.CLOSE,
            ScriptedServer.CLOSE + "$100\r\n{",
            "$99999999999\r\n",
            "what?\r\n",
            "$5\r\nhello\r\n",
            "$2\r\n{}\r\n",
            "$%d\r\n%s\r\n".formatted(job.length(), job));
    AtomicInteger fetches = new AtomicInteger();
    try (ScriptedServer scripted =
            ScriptedServer.answering(
                command -> {
                  if (!command.startsWith("FETCH")) {
                    return ScriptedServer.OK;
                  }
                  int fetch = fetches.getAndIncrement();
                  return fetch < answers.size() ? answers.get(fetch) : NIL;
                });
        FaktoryWorker worker = worker(scripted.url()).start()) {
      await().atMost(Duration.ofSeconds(40)).until(() -> !told.all.isEmpty());
    }
    assertThat(told.all).containsExactly("completed [\"last\"]");
  }

  @Test
  void should_go_on_when_the_server_cannot_move_a_rejected_job() throws Exception {
    String job = "{\"jid\":\"12345678\",\"queue\":\"q\",\"jobtype\":\"t\",\"args\":[1]}";
    AtomicBoolean fetched = new AtomicBoolean();
    try (ScriptedServer scripted =
            ScriptedServer.answering(
                command -> {
                  if (command.startsWith("FETCH")) {
                    return fetched.getAndSet(true)
                        ? NIL
                        : "$%d\r\n%s\r\n".formatted(job.length(), job);
                  }
                  return command.startsWith("MUTATE")
                      ? "-ERR unknown command MUTATE\r\n"
                      : ScriptedServer.OK;
                });
        FaktoryWorker worker =
            worker(scripted.url())
                .handler(
                    (delivery, events) -> {
                      throw RejectDeliveryException.dead("bad");
                    })
                .start()) {
      awaitTold("dead [1]: bad");
      assertThat(scripted.count("MUTATE")).isEqualTo(1);
    }
  }

  @Test
  void should_not_ask_without_a_pause_when_the_server_does_not_wait() throws Exception {
    try (ScriptedServer scripted =
            ScriptedServer.answering(
                command -> command.startsWith("FETCH") ? NIL : ScriptedServer.OK);
        FaktoryWorker worker = worker(scripted.url()).start()) {
      await().until(() -> scripted.count("BEAT") >= 5);
      assertThat(scripted.count("FETCH")).isLessThan(50);
    }
  }

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
    assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();

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
      assertThat(scripted.commands).contains("END");
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
