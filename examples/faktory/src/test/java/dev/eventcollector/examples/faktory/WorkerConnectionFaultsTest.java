package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.faktory.FaktoryWorker.State;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that go away, forget, and talk nonsense. */
class WorkerConnectionFaultsTest extends WorkerOnStandIn {

  @Test
  void should_acknowledge_over_a_new_connection_when_the_old_one_was_lost() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  if (delivery.bodyAsText().equals("a")) { // at "b" the publisher is still sending
                    server.dropConnections();
                  }
                })
            .start()) {
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
      awaitTold("retry [1]: bad"); // not dead, as it stays among the retries
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
}
