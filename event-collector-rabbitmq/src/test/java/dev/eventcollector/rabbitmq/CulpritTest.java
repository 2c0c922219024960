package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One event over which RabbitMQ closes the channel or the connection, among others. */
@Tag("node-faults")
class CulpritTest extends NodeFaults {

  private static final String DEAD_REPLY_TO =
      "amq.rabbitmq.reply-to.g1h2AA5yZXBseUAyMjQ3NDQ4MAAAAAAAAAAAAAAAAA==.abc";

  private static final String NO_TOPIC = "forbidden";

  private String limited;

  @BeforeEach
  void limitAUser() throws Exception {
    if (!node.control("list_users", "--silent").contains("limited")) {
      node.control("add_user", "limited", "limited");
      node.control("set_permissions", "limited", ".*", ".*", ".*");
      node.control("set_topic_permissions", "limited", "amq.topic", "^faults.*", ".*");
    }
    limited = proxy.uri().replace("guest:guest@", "limited:limited@");
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(node.uri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.queueBind(queue, "amq.topic", queue);
    }
  }

  private RabbitMqEventPublisher toTopics() {
    return closeAtEnd(RabbitMqEventPublisher.builder().uri(limited).exchange("amq.topic").build());
  }

  private List<Event> withCulpritAt(int index, int size, Event culprit) {
    List<Event> chunk = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      chunk.add(i == index ? culprit : event("e" + i));
    }
    return chunk;
  }

  private static void assertOnlyOneRefused(List<Status> statuses, int index) {
    assertThat(statuses.get(index)).isEqualTo(Status.REFUSED);
    assertThat(statuses).filteredOn(Status.CONFIRMED::equals).hasSize(statuses.size() - 1);
  }

  @Test
  void should_confirm_the_others_at_once_when_one_topic_is_forbidden_trap_22() {
    RabbitMqEventPublisher publisher = toTopics();

    assertOnlyOneRefused(
        publish(publisher, PATIENCE, withCulpritAt(3, 20, event("x", NO_TOPIC))), 3);

    assertThat(broker.receive(queue, 19, PATIENCE)).hasSizeGreaterThanOrEqualTo(19);
    broker.purge(queue);
    for (int i = 0; i < 10; i++) {
      assertOnlyOneRefused(
          publish(publisher, PATIENCE, withCulpritAt(3, 20, event("x" + i, NO_TOPIC))), 3);
    }
    assertThat(broker.messageCount(queue)).as("nothing twice, once it is known").isEqualTo(190);
  }

  @Test
  void should_stay_available_when_units_have_forbidden_events_trap_22() {
    PublishingEventCollector events =
        PublishingEventCollector.builder(toTopics())
            .firstRetryDelay(Duration.ofMillis(20))
            .maxAttempts(3)
            .undeliverableHandler(undeliverable::add)
            .build();
    closeAtEnd(() -> events.close(Duration.ZERO));
    for (int unit = 0; unit < 40; unit++) {
      events.enqueueEvent("a", queue);
      if (unit % 4 == 0) {
        events.enqueueEvent("b", NO_TOPIC);
      }
      events.enqueueEvent("c", queue);

      PublishReport report = events.publish();

      assertThat(report.unconfirmed()).allMatch(one -> one.event().queue().equals(NO_TOPIC));
      assertThat(events.state().available()).isTrue();
    }
    await().atMost(PATIENCE).until(() -> undeliverable.size() == 10);
    assertBooksBalance(events.state());
  }

  @Test
  void should_refuse_one_for_its_size_when_it_is_among_others_trap_22() {
    Event large = new Event("large", queue, new byte[MAX_MESSAGE_SIZE + 1], null, Map.of());

    assertOnlyOneRefused(publish(publisher(), PATIENCE, withCulpritAt(5, 9, large)), 5);
  }

  @Test
  void should_refuse_all_at_once_when_the_exchange_is_missing_trap_22() {
    RabbitMqEventPublisher publisher = publisher(b -> b.exchange("no-such-exchange"));
    List<Event> chunk = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      chunk.add(event("e" + i, "queue " + i));
    }

    List<Outcome> outcomes = publisher.publish(chunk, PATIENCE);

    assertThat(outcomes).extracting(Outcome::status).containsOnly(Status.REFUSED);
    assertThat(outcomes.get(499).reason()).contains("no exchange 'no-such-exchange'");
    assertThat(proxy.passed(Direction.TO_CLIENT))
        .as("bytes, of which each channel that is closed takes some 100")
        .isLessThan(10_000);
  }

  @Test
  void should_isolate_the_event_when_the_broker_closes_the_connection_over_it_trap_22() {
    RabbitMqEventPublisher publisher = publisher();

    List<Status> statuses =
        publish(publisher, PATIENCE, withCulpritAt(4, 9, event("reply", DEAD_REPLY_TO)));

    assertThat(statuses.get(4)).isIn(Status.REFUSED, Status.RETURNED); // by RabbitMQ 4
    assertThat(statuses).filteredOn(Status.CONFIRMED::equals).hasSize(8);

    assertThat(publish(publisher, "next")).containsExactly(Status.CONFIRMED);
    Instant since = publisher.connectedSince();
    for (int i = 0; i < 3; i++) {
      assertThat(
              publish(publisher, PATIENCE, List.of(event("reply", DEAD_REPLY_TO), event("n" + i))))
          .containsExactly(statuses.get(4), Status.CONFIRMED);
    }
    assertThat(publisher.connectedSince())
        .as("the connection that all share is kept")
        .isEqualTo(since);
  }

  @Test
  void should_publish_the_others_when_a_collector_owes_a_poisonous_one_trap_22() {
    PublishingEventCollector events = collector(b -> b.maxAttempts(4));
    events.enqueueEvent("reply", DEAD_REPLY_TO);
    events.publish();
    for (int i = 0; i < 5; i++) {
      events.enqueueEvent("x" + i, queue);
      events.publish();
    }

    assertThat(broker.receive(queue, 5, PATIENCE)).hasSize(5);
    await().atMost(PATIENCE).until(() -> undeliverable.size() == 1);
    assertThat(events.state().available()).isTrue();
  }

  @Test
  void should_step_aside_when_its_queue_does_not_confirm_trap_22() throws Exception {
    String stuck = broker.declareUniqueQueue("stuck");
    RabbitMqEventPublisher publisher = publisher();
    publish(publisher, "connects");
    suspend(stuck, true);
    try {
      Duration timeout = Duration.ofSeconds(4); // a quarter of it for the broker's answer
      List<Event> chunk = List.of(event("a"), event("s", stuck), event("b"));

      assertThat(publish(publisher, timeout, chunk))
          .containsExactly(Status.CONFIRMED, Status.UNANSWERED, Status.CONFIRMED);
      AtomicReference<List<Status>> next = new AtomicReference<>();
      assertThat(timed(() -> next.set(publish(publisher, timeout, chunk))))
          .as("it is known by now")
          .isLessThan(timeout);
      assertThat(next.get()).containsExactly(Status.CONFIRMED, Status.UNANSWERED, Status.CONFIRMED);
    } finally {
      suspend(stuck, false);
    }
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                publish(publisher, PATIENCE, List.of(event("again", stuck)))
                    .equals(List.of(Status.CONFIRMED)));
  }

  private static void suspend(String queue, boolean suspend) throws Exception {
    node.control(
        "eval",
        ("{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"/\">>, queue, <<\"%s\">>)),"
                + " sys:%s(amqqueue:get_pid(Q)).")
            .formatted(queue, suspend ? "suspend" : "resume"));
  }

  @Test
  void should_publish_to_the_others_when_one_queue_cannot_be_declared_trap_22() {
    try (RabbitMqEventPublisher publisher =
        RabbitMqEventPublisher.builder().uri(limited).declareQueues("amq.mine", queue).build()) {
      assertThat(publish(publisher, "a")).containsExactly(Status.CONFIRMED);
    }
  }

  @Test
  void should_connect_with_the_new_password_when_it_was_rotated_trap_28() throws Exception {
    node.control("add_user", "rotating", "first");
    node.control("set_permissions", "rotating", ".*", ".*", ".*");
    AtomicReference<String> password = new AtomicReference<>("first");
    URI uri = URI.create(proxy.uri());
    RabbitMqEventPublisher publisher =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri("amqp://wrong:wrong@" + uri.getHost() + ":" + uri.getPort())
                .credentials(() -> new Credentials("rotating", String.valueOf(password.get())))
                .build());
    assertThat(publish(publisher, "a")).containsExactly(Status.CONFIRMED);
    node.control("change_password", "rotating", "second");
    proxy.cut();
    await().atMost(PATIENCE).until(() -> publish(publisher, "b").equals(List.of(Status.NOT_SENT)));

    password.set("second");

    await().atMost(PATIENCE).until(() -> publish(publisher, "c").equals(List.of(Status.CONFIRMED)));
  }

  @Test
  void should_tell_no_user_and_an_unknown_virtual_host_only_when_connecting_is_refused_trap_26() {
    URI uri = URI.create(proxy.uri());
    RabbitMqEventPublisher publisher =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri("amqp://guest:guest@" + uri.getHost() + ":" + uri.getPort() + "/nowhere")
                .credentials(
                    () -> {
                      throw new IllegalStateException("the secret is s3cret");
                    })
                .build());
    RabbitMqEventPublisher toNowhere =
        closeAtEnd(
            RabbitMqEventPublisher.builder()
                .uri("amqp://guest:guest@" + uri.getHost() + ":" + uri.getPort() + "/nowhere")
                .build());

    assertThat(publisher.publish(List.of(event("a")), PATIENCE).get(0).reason())
        .contains("supplier of credentials failed: java.lang.IllegalStateException")
        .doesNotContain("s3cret", "guest", "nowhere");
    assertThat(toNowhere.publish(List.of(event("a")), PATIENCE).get(0).reason())
        .contains("the virtual host \"nowhere\" does not exist")
        .doesNotContain("guest");
  }
}
