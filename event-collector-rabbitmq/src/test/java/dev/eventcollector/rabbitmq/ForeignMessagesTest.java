package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that other programs have sent: RabbitMQ takes them, and the client may not. */
@Tag("needs-rabbitmq-nodes")
@Tag("node-faults")
@NodeFaults.Configuration("max_message_size = 134217728") // the default of RabbitMQ 3
class ForeignMessagesTest extends NodeFaults {

  private static final int MEGABYTES_65 = 65 * 1024 * 1024;

  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final List<Object> headers = new CopyOnWriteArrayList<>();
  private Connection connection;

  @BeforeEach
  void connectBesideTheProxy() throws Exception {
    broker.deleteAtEnd(queue + ".dead");
    connection = closeAtEnd(connect());
  }

  private static Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(node.uri());
    return factory.newConnection();
  }

  /** On a thread with a large stack: the client measures nested headers by recursion. */
  private void send(String id, Map<String, Object> headersOfIt, byte[] body) throws Exception {
    FutureTask<Boolean> sending =
        new FutureTask<>(
            () -> {
              publish(id, headersOfIt, body);
              return true;
            });
    new Thread(null, sending, "sender", 256 * 1024 * 1024L).start();
    sending.get(2, TimeUnit.MINUTES);
  }

  private void publish(String id, Map<String, Object> headersOfIt, byte[] body) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish(
          "",
          queue,
          new BasicProperties.Builder().messageId(id).headers(headersOfIt).build(),
          body);
      channel.waitForConfirmsOrDie(60_000);
    }
  }

  /** Handles each, but for those that fail: these are parked. */
  private RabbitMqWorker start() {
    return closeAtEnd(
        RabbitMqWorker.builder()
            .uri(node.uri())
            .queue(queue)
            .collector(collector())
            .retryDelays()
            .handler(
                (delivery, events) -> {
                  handled.add(String.valueOf(delivery.messageId()));
                  headers.add(delivery.headers());
                  if (String.valueOf(delivery.messageId()).startsWith("fails")) {
                    throw new IllegalStateException("on purpose");
                  }
                })
            .start());
  }

  private static Map<String, Object> nested(int levels) {
    Map<String, Object> inner = Map.of("bottom", 1);
    for (int i = 1; i < levels; i++) {
      inner = Map.of("next", inner);
    }
    return inner;
  }

  @ParameterizedTest
  @ValueSource(ints = {33, 34, 1_000})
  void should_handle_and_park_a_message_when_its_headers_are_nested_deep_trap_55(int levels)
      throws Exception {
    send("fails", Map.of("kept", "x", "deep", nested(levels - 1)), new byte[1]);
    send("next", Map.of(), new byte[1]);

    RabbitMqWorker worker = start();

    await().until(() -> handled.containsAll(List.of("fails", "next")));
    await()
        .until(() -> broker.hasQueue(queue + ".dead") && broker.messageCount(queue + ".dead") == 1);
    assertThat(headers.get(0)).asString().contains("kept");
    assertThat(headers.get(0).toString().contains("bottom")).isEqualTo(levels <= 33);
    await().until(() -> worker.trouble() == null);
  }

  @Test
  void should_handle_and_park_a_message_when_it_is_larger_than_the_client_reads_by_default_trap_56()
      throws Exception {
    send("fails", Map.of(), new byte[MEGABYTES_65]);
    send("next", Map.of(), new byte[1]);

    RabbitMqWorker worker = start();

    await().until(() -> handled.containsAll(List.of("fails", "next")));
    await()
        .until(() -> broker.hasQueue(queue + ".dead") && broker.messageCount(queue + ".dead") == 1);
    await().until(() -> worker.trouble() == null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "quorum"})
  void should_not_believe_a_count_that_was_copied_from_another_queue_trap_57(String type)
      throws Exception {
    broker.delete(queue);
    broker.declareQueue(queue, Map.of("x-queue-type", type));
    send("copied", Map.of("x-delivery-count", 50L), new byte[1]);
    CountDownLatch delivered = new CountDownLatch(1);
    Connection other = connect();
    other
        .createChannel()
        .basicConsume(queue, false, (tag, message) -> delivered.countDown(), tag -> {});
    assertThat(delivered.await(60, TimeUnit.SECONDS)).isTrue();
    other.close(); // which makes it a redelivery

    start();

    await().until(() -> handled.contains("copied"));
    assertThat(broker.messageCount(queue)).isZero();
  }
}
