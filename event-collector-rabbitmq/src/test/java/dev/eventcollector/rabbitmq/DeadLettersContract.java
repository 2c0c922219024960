package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.testkit.broker.Broker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator's work on parked deliveries, on any broker. */
abstract class DeadLettersContract {

  /** Of {@code connection.close}. */
  private static final int GOODBYE_BYTES = 21;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private volatile boolean mended;
  private Broker broker;
  private String queue;
  private DeadLetters dead;

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    queue = broker.declareUniqueQueue("letters");
    broker.deleteAtEnd(queue + ".dead", queue + ".retry.10ms");
    dead = DeadLetters.builder().uri(broker.uri()).queue(queue).build();
  }

  @AfterEach
  void close() {
    dead.close();
  }

  private RabbitMqWorker worker() {
    return RabbitMqWorker.builder()
        .uri(broker.uri())
        .queue(queue)
        .collector(PublishingEventCollector.builder((chunk, timeout) -> List.of()).build())
        .retryDelays(Duration.ofMillis(10))
        .handler(
            (delivery, events) -> {
              handled.add(delivery.messageId() + "#" + delivery.attempt());
              if (!mended) {
                throw new IOException("bug 42");
              }
            })
        .start();
  }

  private void park(String... ids) {
    for (String id : ids) {
      broker.send(new Event(id, queue, ("body " + id).getBytes(), null, Map.of("h", "v")));
    }
    try (RabbitMqWorker worker = worker()) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  broker.hasQueue(queue + ".dead")
                      && broker.messageCount(queue + ".dead") == ids.length);
    }
    handled.clear();
  }

  private List<String> ids(List<DeadLetter> letters) {
    return letters.stream().map(letter -> letter.delivery().messageId()).sorted().toList();
  }

  @Test
  void should_show_why_it_is_dead() throws Exception {
    park("a");

    DeadLetter letter = dead.list(0, 10).get(0);

    assertThat(letter.delivery().bodyAsText()).isEqualTo("body a");
    assertThat(letter.delivery().header("h")).isEqualTo("v");
    assertThat(letter.delivery().attempt()).isEqualTo(2);
    assertThat(letter.reason()).isEqualTo("java.io.IOException: bug 42");
    assertThat(letter.stack()).contains("at ");
    assertThat(letter.firstFailure()).isNotNull().isBeforeOrEqualTo(letter.lastFailure());
    awaitCount(1);
    assertThat(dead.show(letter.key()))
        .hasValueSatisfying(same -> assertThat(same.key()).isEqualTo(letter.key()));
    assertThat(dead.show("nothing")).isEmpty();
    assertThat(letter.toString()).doesNotContain("body a").contains("bug 42");
  }

  @Test
  void should_list_page_by_page_and_leave_all_where_they_are() throws Exception {
    park("a", "b", "c", "d", "e");
    await().atMost(PATIENCE).until(() -> dead.count() == 5);

    List<DeadLetter> all = dead.list(0, 100);
    assertThat(ids(all)).containsExactly("a", "b", "c", "d", "e");
    for (int i = 0; i < 5; i++) {
      awaitCount(5);
      assertThat(dead.list(i, 1)).extracting(DeadLetter::key).containsExactly(all.get(i).key());
    }
    awaitCount(5);
    assertThat(dead.list(5, 10)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> dead.list(-1, 10));
  }

  private void awaitCount(long count) {
    await("returned").atMost(PATIENCE).until(() -> dead.count() == count);
  }

  @Test
  void should_begin_anew_when_one_is_requeued() throws Exception {
    park("a", "b");
    DeadLetter letter =
        dead.list(0, 10).stream()
            .filter(one -> "b".equals(one.delivery().messageId()))
            .findFirst()
            .orElseThrow();
    awaitCount(2);

    assertThat(dead.requeue(letter.key())).isTrue();

    awaitCount(1);
    assertThat(dead.requeue("nothing")).isFalse();
    mended = true;
    try (RabbitMqWorker worker = worker()) {
      await().atMost(PATIENCE).until(() -> handled.contains("b#1"));
    }
    assertThat(handled).containsExactly("b#1");
  }

  @Test
  void should_requeue_all_that_are_there() throws Exception {
    park("a", "b", "c");
    mended = true;

    assertThat(dead.requeueAll()).isEqualTo(3);

    assertThat(dead.count()).isZero();
    try (RabbitMqWorker worker = worker()) {
      await().atMost(PATIENCE).until(() -> handled.size() == 3);
    }
    assertThat(handled).containsExactlyInAnyOrder("a#1", "b#1", "c#1");
  }

  @Test
  void should_requeue_as_many_as_asked_for_beginning_with_the_longest_dead() throws Exception {
    park("a", "b", "c");
    List<DeadLetter> all = dead.list(0, 10);
    awaitCount(3);

    List<DeadLetter> requeued = dead.requeue(2);

    assertThat(requeued)
        .extracting(DeadLetter::key)
        .containsExactly(all.get(0).key(), all.get(1).key());
    awaitCount(1);
    assertThat(dead.requeue(2)).hasSize(1);
    assertThat(dead.requeue(2)).isEmpty();
    assertThatThrownBy(() -> dead.requeue(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void should_drop_one_for_good() throws Exception {
    park("a", "b");
    String key = dead.list(0, 1).get(0).key();
    awaitCount(2);

    assertThat(dead.drop(key)).isTrue();

    awaitCount(1);
    assertThat(dead.show(key)).isEmpty();
  }

  @Test
  void should_remove_nothing_when_its_copy_is_not_confirmed() throws Exception {
    park("a");
    broker.delete(queue);

    assertThatThrownBy(() -> dead.requeueAll())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("still in " + queue + ".dead");

    awaitCount(1);
  }

  @Test
  void should_say_so_when_there_is_no_such_queue() {
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> dead.list(0, 1),
            dead::count,
            () -> dead.show("key"),
            () -> dead.requeue("key"),
            dead::requeueAll,
            () -> dead.drop("key"))) {
      assertThatThrownBy(call)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no queue " + queue + ".dead");
    }
  }

  @Test
  void should_say_so_when_it_was_closed() {
    park("a");
    dead.close();

    assertThatThrownBy(() -> dead.requeueAll())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("are closed");
    assertThatThrownBy(() -> dead.count()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void should_not_say_that_it_was_dropped_when_the_broker_has_not_heard_of_it() throws Exception {
    park("a");
    String key = dead.list(0, 1).get(0).key();
    awaitCount(1);
    try (FaultProxy proxy = FaultProxy.to(broker.uri());
        DeadLetters behind = DeadLetters.builder().uri(proxy.uri()).queue(queue).build()) {
      behind.show(key);
      await().atMost(PATIENCE).until(() -> proxy.connections() == 0);
      long looked = proxy.passed(Direction.TO_BROKER);
      awaitCount(1);
      proxy.cutAfter(Direction.TO_BROKER, looked - GOODBYE_BYTES + 1); // within its acknowledgement

      assertThatThrownBy(() -> behind.drop(key))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("may still be there");
    }
    awaitCount(1);
  }
}
