package dev.eventcollector.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.Event;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.Outcome.Status;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The publisher's promises on any broker. */
@Tag("broker-contract")
abstract class PublisherContract {

  static final Duration TIMEOUT = Duration.ofSeconds(10);

  Broker broker;
  String queue;
  RabbitMqEventPublisher publisher;
  private final List<String> exchanges = new ArrayList<>();

  @BeforeEach
  void connect(Broker broker) {
    this.broker = broker;
    queue = broker.declareUniqueQueue("publisher-contract");
    publisher = publisher().build();
  }

  @AfterEach
  void close() {
    publisher.close();
  }

  RabbitMqEventPublisherBuilder publisher() {
    return RabbitMqEventPublisher.builder().uri(broker.uri());
  }

  /** The broker's answer to an event for a queue that does not exist. */
  Status unroutable() {
    return Status.RETURNED;
  }

  Event event(String id) {
    return event(id, queue);
  }

  static Event event(String id, String queue) {
    return new Event(id, queue, ("body of " + id).getBytes(), "text/plain", Map.of());
  }

  List<String> receivedIds(int count) {
    return broker.receive(queue, count).stream().map(ReceivedMessage::id).toList();
  }

  List<Status> publish(Event... events) {
    return publisher.publish(List.of(events), TIMEOUT).stream().map(Outcome::status).toList();
  }

  @Test
  void should_confirm_every_event_in_order_when_the_queue_exists() {
    List<Event> chunk = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      ids.add("e" + i);
      chunk.add(event("e" + i));
    }

    List<Outcome> outcomes = publisher.publish(chunk, TIMEOUT);

    assertThat(outcomes).hasSize(1000).containsOnly(Outcome.confirmed());
    assertThat(receivedIds(1000)).isEqualTo(ids);
  }

  @Test
  void should_carry_id_content_type_headers_and_persistence() {
    Event event =
        new Event(
            "the id",
            queue,
            new byte[] {1, 2, 3},
            "application/json",
            Map.of("text", "x", "number", 42));

    assertThat(publish(event)).containsExactly(Status.CONFIRMED);

    ReceivedMessage received = broker.receive(queue, 1).get(0);
    assertThat(received.body()).containsExactly(1, 2, 3);
    assertThat(received.id()).isEqualTo("the id");
    assertThat(received.contentType()).isEqualTo("application/json");
    assertThat(received.persistent()).isTrue();
    assertThat(received.headers()).containsEntry("text", "x").containsEntry("number", 42);
  }

  @Test
  void should_return_only_the_unroutable_when_a_queue_is_missing_trap_1() {
    List<Outcome> outcomes =
        publisher.publish(
            List.of(event("a"), event("b", "no-such-queue"), event("c"), event("b", queue)),
            TIMEOUT);

    assertThat(outcomes)
        .extracting(Outcome::status)
        .containsExactly(Status.CONFIRMED, unroutable(), Status.CONFIRMED, Status.CONFIRMED);
    assertThat(receivedIds(3)).containsExactly("a", "c", "b");
  }

  @Test
  void should_go_on_with_the_same_channel_when_an_event_was_returned() {
    publish(event("a", "no-such-queue"));

    assertThat(publish(event("b"))).containsExactly(Status.CONFIRMED);
    assertThat(publish(event("c", "no-such-queue"))).containsExactly(unroutable());
  }

  @Test
  void should_carry_large_and_empty_bodies() {
    byte[] large = new byte[1_000_000];
    large[999_999] = 7;

    assertThat(
            publish(
                new Event("large", queue, large, null, Map.of()),
                new Event("empty", queue, new byte[0], null, Map.of())))
        .containsExactly(Status.CONFIRMED, Status.CONFIRMED);

    assertThat(broker.receive(queue, 2))
        .extracting(ReceivedMessage::body)
        .containsExactly(large, new byte[0]);
  }

  @Test
  void should_refuse_events_when_the_exchange_is_missing_trap_2() {
    try (RabbitMqEventPublisher toNowhere = publisher().exchange("no-such-exchange").build()) {
      assertThat(toNowhere.publish(List.of(event("alone")), TIMEOUT))
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.status()).isEqualTo(Status.REFUSED);
                assertThat(outcome.reason()).contains("404");
              });
      assertThat(toNowhere.publish(List.of(event("a"), event("b"), event("c", "q")), TIMEOUT))
          .extracting(Outcome::status)
          .containsOnly(Status.REFUSED);
    }
  }

  @Test
  void should_send_the_others_when_one_cannot_be_put_on_the_wire_trap_4() {
    Event unsendable = new Event("odd", queue, new byte[0], null, Map.of("h", UUID.randomUUID()));

    assertThat(publish(event("a"), event("b"), unsendable, event("c")))
        .containsExactly(Status.CONFIRMED, Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
    assertThat(receivedIds(3)).containsExactly("a", "b", "c");
  }

  @Test
  void should_name_the_problem_when_an_event_exceeds_the_limits_of_amqp_promise_5() {
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> publisher.validate(event("a", "q".repeat(256))))
        .withMessageContaining("queue name")
        .withMessageContaining("256 bytes")
        .withMessageContaining("255");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(() -> publisher.validate(event("ä".repeat(128))))
        .withMessageContaining("the id");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event("a", "q", new byte[0], null, Map.of("h", UUID.randomUUID()))))
        .withMessageContaining("headers");
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                publisher.validate(
                    new Event("a", "q", new byte[0], null, Map.of("h", "x".repeat(131_072)))))
        .withMessageContaining("fit into a frame");
    publisher.validate(event("ä".repeat(127), "q".repeat(255)));
  }

  @Test
  void should_confirm_everything_when_many_threads_publish_trap_10() {
    int threads = 64;
    int chunks = 5;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String name = "t" + t;
        all.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int i = 0; i < chunks; i++) {
                    assertThat(publish(event(name + "-" + i + "a"), event(name + "-" + i + "b")))
                        .containsOnly(Status.CONFIRMED);
                  }
                },
                pool));
      }
      all.forEach(CompletableFuture::join);
    } finally {
      pool.shutdown();
    }

    assertThat(receivedIds(threads * chunks * 2))
        .hasSize(threads * chunks * 2)
        .doesNotHaveDuplicates();
  }

  @Test
  void should_wait_for_a_channel_when_all_are_in_use() {
    try (RabbitMqEventPublisher narrow = publisher().maxChannels(2).build()) {
      List<CompletableFuture<List<Outcome>>> all = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        String id = "t" + t;
        all.add(CompletableFuture.supplyAsync(() -> narrow.publish(List.of(event(id)), TIMEOUT)));
      }
      assertThat(all).allSatisfy(f -> assertThat(f.join()).containsOnly(Outcome.confirmed()));
    }
  }

  @Test
  void should_keep_flag_and_events_when_interrupted_trap_9() {
    publish(event("connects"));
    Thread.currentThread().interrupt();

    List<Status> statuses = publish(event("a"), event("b"));

    assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
    assertThat(statuses).allMatch(Status::isTransportTrouble);
    assertThat(publish(event("c"))).containsExactly(Status.CONFIRMED);
  }

  @Test
  void should_declare_queues_when_told_to() {
    String declared = queue + "-declared";
    broker.deleteAtEnd(declared);
    try (RabbitMqEventPublisher declaring = publisher().declareQueues(declared, queue).build()) {
      assertThat(declaring.publish(List.of(event("a", declared)), TIMEOUT))
          .containsOnly(Outcome.confirmed());
    }
  }

  /** The status of an event that no queue takes, where its sender allows that. */
  Status unrouted() {
    return Status.UNROUTED;
  }

  private static Event toExchange(String id, Exchange exchange, String routingKey) {
    return new Event(
        id, routingKey, id.getBytes(UTF_8), null, Map.of(), exchange, MessageProperties.none());
  }

  private String uniqueExchange() {
    String name = "publisher-contract-" + UUID.randomUUID();
    exchanges.add(name);
    return name;
  }

  @AfterEach
  void deleteExchanges() throws Exception {
    if (!exchanges.isEmpty()) {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(broker.uri());
      try (Connection connection = factory.newConnection();
          Channel channel = connection.createChannel()) {
        for (String exchange : exchanges) {
          channel.exchangeDelete(exchange);
        }
      }
    }
  }

  /** As the sender means it, in milliseconds; null where the broker takes it for something else. */
  @Nullable Duration expiration() {
    return Duration.ofHours(1);
  }

  @Test
  void should_carry_every_property() {
    MessageProperties all =
        new MessageProperties(
            "gzip",
            7,
            "request 42",
            "answers",
            expiration(),
            Instant.parse("2026-11-25T10:15:30Z"),
            "order.placed",
            "shop");

    assertThat(publish(new Event("a", queue, new byte[] {1}, null, Map.of("h", 1), null, all)))
        .containsExactly(Status.CONFIRMED);

    ReceivedMessage received = broker.receive(queue, 1).get(0);
    assertThat(received.properties()).isEqualTo(all);
    assertThat(received.exchange()).isEmpty();
    assertThat(received.routingKey()).isEqualTo(queue);
  }

  @Test
  void should_route_by_exchange_and_key_when_an_event_names_them() {
    String topics = uniqueExchange();
    try (RabbitMqEventPublisher declaring =
        publisher()
            .declareExchange(topics, "topic")
            .bindQueue(queue, topics, "order.*.eu")
            .build()) {
      assertThat(
              declaring.publish(
                  List.of(
                      event("straight"),
                      toExchange("eu", Exchange.named(topics), "order.placed.eu"),
                      toExchange("us", Exchange.named(topics), "order.placed.us"),
                      toExchange("us too", new Exchange(topics, false), "order.placed.us")),
                  TIMEOUT))
          .extracting(Outcome::status)
          .containsExactly(Status.CONFIRMED, Status.CONFIRMED, unroutable(), unrouted());
    }

    List<ReceivedMessage> received = broker.receive(queue, 2);
    assertThat(received).extracting(ReceivedMessage::id).containsExactly("straight", "eu");
    assertThat(received.get(1).exchange()).isEqualTo(topics);
    assertThat(received.get(1).routingKey()).isEqualTo("order.placed.eu");
  }

  @Test
  void should_route_by_headers_when_bindings_have_arguments() {
    String headers = uniqueExchange();
    Map<String, @Nullable Object> ordersOfEurope =
        new HashMap<>(Map.of("x-match", "all", "kind", "order", "region", "eu", "size", 7));
    Map<String, @Nullable Object> urgent = new HashMap<>(Map.of("x-match", "all"));
    urgent.put("urgent", null); // whatever its value is
    RabbitMqEventPublisherBuilder builder =
        publisher()
            .declareExchange(headers, "headers")
            .bindQueue(queue, headers, "orders", ordersOfEurope) // Broker-J tells them by the key
            .bindQueue(queue, headers, "urgent", urgent);
    ordersOfEurope.put("region", "us");
    try (RabbitMqEventPublisher declaring = builder.build()) {
      assertThat(
              declaring.publish(
                  List.of(
                      with("all", headers, Map.of("kind", "order", "region", "eu", "size", 7)),
                      with("two", headers, Map.of("kind", "order", "region", "eu")),
                      with("other", headers, Map.of("kind", "order", "region", "us", "size", 7)),
                      with("urgent", headers, Map.of("urgent", "very"))),
                  TIMEOUT))
          .extracting(Outcome::status)
          .containsExactly(Status.CONFIRMED, unroutable(), unroutable(), Status.CONFIRMED);
    }

    assertThat(receivedIds(2)).containsExactly("all", "urgent");
  }

  private static Event with(String id, String exchange, Map<String, Object> headers) {
    return new Event(
        id, "", new byte[0], null, headers, Exchange.named(exchange), MessageProperties.none());
  }

  @Test
  void should_use_the_default_exchange_when_an_event_says_so_and_the_publisher_has_another() {
    try (RabbitMqEventPublisher elsewhere = publisher().exchange("no-such-exchange").build()) {
      assertThat(
              elsewhere.publish(
                  List.of(toExchange("a", Exchange.named(""), queue), event("b")), TIMEOUT))
          .extracting(Outcome::status)
          .containsExactly(Status.CONFIRMED, Status.REFUSED);
    }
  }

  @Test
  void should_refuse_only_its_own_events_when_an_exchange_is_missing_trap_2_and_22() {
    Exchange missing = Exchange.named("no-such-exchange");
    for (int i = 0; i < 3; i++) {
      List<Outcome> outcomes =
          publisher.publish(
              List.of(
                  event("a" + i),
                  toExchange("b" + i, missing, "k1"),
                  event("c" + i),
                  toExchange("d" + i, missing, "k2"),
                  event("e" + i)),
              TIMEOUT);

      assertThat(outcomes)
          .extracting(Outcome::status)
          .containsExactly(
              Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED, Status.REFUSED, Status.CONFIRMED);
      assertThat(outcomes.get(1).reason()).contains("404");
      if (i == 0) {
        broker.purge(queue); // the first time some may have been sent twice
      }
    }
    assertThat(publish(event("last"))).containsExactly(Status.CONFIRMED);
    assertThat(receivedIds(7))
        .as("nothing twice, once it is known")
        .containsExactly("a1", "c1", "e1", "a2", "c2", "e2", "last");
    assertThat(broker.messageCount(queue)).isZero();
  }
}
