package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.faktory.FaktoryServer.JobSet;
import dev.eventcollector.rabbitmq.RejectDeliveryException;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FaktoryServerTest extends WorkerOnStandIn {

  private FaktoryServer asked() {
    return FaktoryServer.at(server.url());
  }

  /** Again when there was none: connecting may take but three seconds. */
  private FaktoryServer.Info info() {
    return await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> asked().info(), Objects::nonNull);
  }

  @Test
  void should_count_waiting_events_when_it_is_asked() throws Exception {
    send("one");
    send("two");

    assertThat(info().queues()).containsEntry("q", 2L);
    assertThat(info().dead()).isZero();
  }

  @Test
  void should_requeue_and_discard_dead_jobs_by_their_message_id() throws Exception {
    try (FaktoryWorker worker =
        worker()
            .handler(
                (delivery, events) -> {
                  handled.add(String.valueOf(delivery.messageId()));
                  throw RejectDeliveryException.dead("no");
                })
            .start()) {
      send("one");
      send("two");
      await().until(() -> info().dead() == 2);
      assertThat(info().failures()).isEqualTo(2);
      String first = handled.get(0);

      asked().requeue(JobSet.DEAD, first);
      await().untilAsserted(() -> assertThat(handled).hasSize(3).endsWith(first));
      await().until(() -> info().dead() == 2);
      asked().discard(JobSet.DEAD, first);
      assertThat(info().dead()).isOne();
      asked().requeueAll(JobSet.DEAD);
      await().until(() -> handled.size() == 4);
      await().until(() -> info().dead() == 1);
      asked().discardAll(JobSet.DEAD);
      assertThat(info().dead()).isZero();
      assertThat(worker.trouble()).isNull();
    }
  }

  @Test
  void should_find_the_jobs_of_other_programs_by_their_jid() throws Exception {
    send("of ours");
    try (TestServer seen = new TestServer(server.url());
        FaktoryWorker worker =
            worker()
                .handler(
                    (delivery, events) -> {
                      throw RejectDeliveryException.dead("no");
                    })
                .start()) {
      seen.call(
          "PUSHB",
          "[{\"jid\":\"foreign-job\",\"queue\":\"q\",\"jobtype\":\"t\",\"args\":[1],\"retry\":9}]");
      await().until(() -> info().dead() == 2);

      asked().requeue(JobSet.DEAD, "foreign-job");
      awaitToldDead(3);
      asked().discard(JobSet.DEAD, "foreign-job");
      assertThat(info().dead()).isOne();
      asked().discard(JobSet.DEAD, "nobody-s-job");
      assertThat(info().dead()).isOne();
      assertThat(worker.trouble()).isNull();
    }
  }

  private void awaitToldDead(int times) {
    await()
        .untilAsserted(
            () -> assertThat(told.all).hasSize(times).allMatch(one -> one.startsWith("dead")));
  }

  @Test
  void should_refuse_an_id_that_faktory_would_read_as_a_pattern() {
    assertThatThrownBy(() -> asked().discard(JobSet.DEAD, "*"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> asked().requeue(JobSet.RETRIES, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void should_say_so_when_the_server_is_away() {
    server.goAway();

    assertThatThrownBy(() -> asked().info()).isInstanceOf(IOException.class);
  }
}
