package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.EventOptions;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker's promises on any server. */
abstract class WorkerContract extends PublisherContract {

  static final Duration LONG = Duration.ofSeconds(60);

  final List<Delivery> handled = new CopyOnWriteArrayList<>();
  final Told told = new Told();
  String out;
  PublishingEventCollector events;

  @BeforeEach
  void makeCollector() {
    out = server.newQueue();
    events = PublishingEventCollector.builder(publisher).build();
  }

  @AfterEach
  void closeCollector() {
    events.close();
  }

  FaktoryWorkerBuilder worker() {
    return FaktoryWorker.builder()
        .url(server.url())
        .queues(queue)
        .collector(events)
        .beatInterval(Duration.ofMillis(200))
        .listener(told);
  }

  void send(String... payloads) {
    for (String payload : payloads) {
      events.enqueueEvent(payload, queue, EventOptions.id("id of " + payload).withHeader("h", "v"));
    }
    assertThat(events.publish().allConfirmed()).isTrue();
  }

  void awaitTold(String... what) {
    await().atMost(LONG).untilAsserted(() -> assertThat(told.all).containsExactly(what));
  }

  void awaitToldOne(String start) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(told.all).singleElement().asString().startsWith(start));
  }

  @Test
  void should_hand_over_everything_a_job_has() {
    send("a");
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      awaitTold("completed a");
      assertThat(worker.trouble()).isNull();
    }

    Delivery delivery = handled.get(0);
    assertThat(delivery.bodyAsText()).isEqualTo("a");
    assertThat(delivery.messageId()).isEqualTo("id of a");
    assertThat(delivery.queue()).isEqualTo(queue);
    assertThat(delivery.header("h")).isEqualTo("v");
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(server.size(queue)).isZero();
  }

  @Test
  void should_publish_the_events_before_it_acknowledges() {
    AtomicBoolean publishedFirst = new AtomicBoolean();
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler((d, e) -> e.enqueueEvent("done " + d.bodyAsText(), out))
            .listener(
                new FaktoryWorkerListener() {
                  @Override
                  public void onCompleted(Delivery delivery, Duration took) {
                    publishedFirst.set(server.size(out) == 1);
                  }
                })
            .start()) {
      awaitTold("completed a");
    }
    assertThat(publishedFirst).isTrue();
    assertThat(Objects.requireNonNull(server.take(out)).delivery().bodyAsText())
        .isEqualTo("done a");
  }

  @Test
  void should_fail_the_job_and_drop_its_events_when_the_handler_throws() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  handled.add(delivery);
                  events.enqueueEvent("attempt " + delivery.attempt(), out);
                  if (delivery.attempt() < 3) {
                    throw new IOException("not yet ü", new IllegalStateException("the cause"));
                  }
                })
            .start()) {
      awaitTold("retry a: java.io.IOException: not yet ü");
      server.requeue("retries", queue);
      await().atMost(LONG).until(() -> told.all.size() == 2);
      server.requeue("retries", queue);
      await().atMost(LONG).until(() -> told.all.contains("completed a"));
    }
    assertThat(handled).extracting(Delivery::attempt).containsExactly(1, 2, 3);
    assertThat(handled).extracting(Delivery::redelivered).containsExactly(false, true, true);
    assertThat(Objects.requireNonNull(server.take(out)).delivery().bodyAsText())
        .isEqualTo("attempt 3");
    assertThat(server.size(out)).isZero();
  }

  @Test
  void should_move_a_job_to_the_dead_set_at_once_when_it_is_rejected() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  throw RejectDeliveryException.dead("malformed", new IOException("at 3"));
                })
            .start()) {
      awaitTold("dead a: malformed");
    }
    server.requeue("retries", queue);
    assertThat(server.size(queue)).as("among the retries").isZero();
    server.requeue("dead", queue);
    assertThat(server.takeJson(queue))
        .contains("\"message\":\"malformed\"")
        .contains("IOException");
  }

  @Test
  void should_acknowledge_a_job_when_it_is_dropped() {
    send("a");
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  events.enqueueEvent("x", out);
                  throw RejectDeliveryException.drop("of no use");
                })
            .start()) {
      awaitTold("dropped a: of no use");
    }
    server.requeue("retries", queue);
    server.requeue("dead", queue);
    assertThat(server.size(queue)).isZero();
    assertThat(server.size(out)).isZero();
  }

  @Test
  void should_hand_over_jobs_that_others_have_pushed() {
    server.call(
        "PUSHB",
        "[{\"jid\":\"12345678\",\"queue\":\"%s\",\"jobtype\":\"Mail\",\"args\":[1,{\"a\":\"ü\"}],"
                .formatted(queue)
            + "\"retry\":3,\"custom\":{\"tenant\":\"acme\",\"deep\":{\"x\":1}}}]");
    try (FaktoryWorker worker = worker().handler((d, e) -> handled.add(d)).start()) {
      await().atMost(LONG).until(() -> told.all.size() == 1);
    }
    Delivery delivery = handled.get(0);
    assertThat(delivery.bodyAsText()).isEqualTo("[1,{\"a\":\"ü\"}]");
    assertThat(delivery.messageId()).isEqualTo("12345678");
    assertThat(delivery.contentType()).isEqualTo("application/json");
    assertThat(delivery.header("jobtype")).isEqualTo("Mail");
    assertThat(delivery.header("tenant")).isEqualTo("acme");
  }

  @Test
  void should_handle_each_job_once_when_many_are_handled_at_a_time() {
    String[] all = new String[200];
    for (int i = 0; i < all.length; i++) {
      all[i] = "job" + i;
    }
    send(all);
    try (FaktoryWorker worker =
        worker().concurrency(8).handler((d, e) -> e.enqueueEvent(d.bodyAsText(), out)).start()) {
      await().atMost(LONG).until(() -> told.all.size() == all.length);
    }
    assertThat(told.all).doesNotHaveDuplicates().allMatch(one -> one.startsWith("completed"));
    assertThat(server.size(out)).isEqualTo(all.length);
  }

  @Test
  void should_handle_a_job_once_when_completed_ones_are_remembered() {
    send("a", "a");
    try (FaktoryWorker worker =
        worker()
            .completedDeliveries(CompletedDeliveries.inMemory(10))
            .handler((d, e) -> handled.add(d))
            .start()) {
      awaitTold("completed a", "duplicate a");
    }
    assertThat(handled).hasSize(1);
  }

  @Test
  void should_take_from_the_first_queue_that_has_a_job() {
    String urgent = server.newQueue();
    send("later", "last");
    events.enqueueEvent("first", urgent);
    events.publish();
    try (FaktoryWorker worker =
        worker().queues(urgent, queue).handler((d, e) -> handled.add(d)).start()) {
      awaitTold("completed first", "completed later", "completed last");
    }
  }

  @Test
  void should_name_every_wrong_setting_when_started() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                FaktoryWorker.builder()
                    .url("x")
                    .queues("a queue")
                    .concurrency(0)
                    .beatInterval(Duration.ofMinutes(1))
                    .stopTimeout(Duration.ofSeconds(-1))
                    .start())
        .withMessageContaining("url must look like")
        .withMessageContaining("queues must have names of")
        .withMessageContaining("handler must be set")
        .withMessageContaining("concurrency must be from 1 to 1000, but is 0")
        .withMessageContaining("beatInterval")
        .withMessageContaining("stopTimeout");
  }
}
