package dev.eventcollector.testkit.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerTest {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  @Test
  void should_confirm_and_return_when_messages_are_mandatory() throws Exception {
    try (Connection connection = connect(broker);
        Channel channel = connection.createChannel()) {
      BlockingQueue<String> returned = new LinkedBlockingQueue<>();
      channel.addReturnListener(message -> returned.add(message.getRoutingKey()));
      channel.confirmSelect();
      channel.queueDeclare("taken", true, false, false, null);

      publish(channel, "taken");
      assertThat(channel.waitForConfirms(60_000)).isTrue();

      // RabbitMQ returns, then acks; this one nacks, then returns.
      publish(channel, "mistyped");
      assertThat(channel.waitForConfirms(60_000)).isFalse();
      assertThat(returned.poll(60, TimeUnit.SECONDS)).isEqualTo("mistyped");
      assertThat(channel.messageCount("taken")).isOne();
    }
  }

  @Test
  void should_count_a_message_when_it_is_not_acknowledged() throws Exception {
    try (Connection connection = connect(broker);
        Channel channel = connection.createChannel();
        Broker hold = Broker.at(broker.uri())) {
      channel.confirmSelect();
      channel.queueDeclare("fetched", true, false, false, null);
      publish(channel, "fetched");
      channel.waitForConfirms(60_000);

      channel.basicGet("fetched", false);

      assertThat(hold.messageCount("fetched")).isOne();
    }
  }

  @Test
  void should_keep_messages_and_port_when_it_is_stopped_and_restarted() throws Exception {
    int port = broker.port();
    BlockingQueue<ShutdownSignalException> causes = new LinkedBlockingQueue<>();
    Connection connection = connect(broker);
    connection.addShutdownListener(causes::add);
    Channel channel = connection.createChannel();
    channel.confirmSelect();
    channel.queueDeclare("kept", true, false, false, null);
    publish(channel, "kept");
    channel.waitForConfirmsOrDie(60_000);

    broker.stop();

    assertThat(causes.poll(60, TimeUnit.SECONDS)).hasMessageContaining("320");
    assertThatThrownBy(() -> connect(broker)).isInstanceOf(IOException.class);

    broker.restart();

    assertThat(broker.port()).isEqualTo(port);
    try (Connection again = connect(broker);
        Channel other = again.createChannel()) {
      assertThat(new String(other.basicGet("kept", true).getBody(), UTF_8)).isEqualTo("hello");
    }
  }

  @Test
  void should_break_connections_without_a_word_but_listen_on_when_they_are_dropped()
      throws Exception {
    BlockingQueue<ShutdownSignalException> causes = new LinkedBlockingQueue<>();
    Connection connection = connect(broker);
    connection.addShutdownListener(causes::add);

    broker.dropConnections();

    ShutdownSignalException cause = causes.poll(60, TimeUnit.SECONDS);
    assertThat(cause).hasRootCauseInstanceOf(EOFException.class);
    connect(broker).close();
  }

  @Test
  void should_be_found_again_when_it_was_away_for_a_while() {
    try (Broker hold = Broker.at(broker.uri())) {
      String queue = hold.declareUniqueQueue("away");

      broker.stop();
      assertThatThrownBy(() -> hold.messageCount(queue)).isInstanceOf(UncheckedIOException.class);
      broker.restart();

      assertThat(hold.messageCount(queue)).isZero();
    }
  }

  @Test
  void should_listen_on_the_port_given_when_it_is_free() throws Exception {
    EmbeddedBroker first = EmbeddedBroker.start();
    int port = first.port();
    first.close();

    try (EmbeddedBroker second = EmbeddedBroker.start(port)) {
      assertThat(second.port()).isEqualTo(port);
      assertThat(second.uri()).isEqualTo("amqp://guest:guest@127.0.0.1:" + port);
      connect(second).close();
    }
  }

  @Test
  void should_say_so_when_the_port_is_taken() {
    assertThatThrownBy(() -> EmbeddedBroker.start(broker.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("port " + broker.port())
        .hasMessageContaining("already");
  }

  /** Other brokers start threads at any time, so those of this one are in a group of their own. */
  @Test
  void should_leave_no_thread_behind_when_it_is_closed() throws Exception {
    ThreadGroup group = new ThreadGroup("broker");
    FutureTask<Integer> startAndClose =
        new FutureTask<>(
            () -> {
              EmbeddedBroker other = EmbeddedBroker.start();
              connect(other).close();
              int running = threadsOf(group).size();
              other.close();
              return running;
            });

    new Thread(group, startAndClose, "starter").start();

    assertThat(startAndClose.get(60, TimeUnit.SECONDS)).isGreaterThan(5);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(threadsOf(group)).isEmpty());
  }

  private static List<String> threadsOf(ThreadGroup group) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getThreadGroup() == group)
        .map(Thread::getName)
        .toList();
  }

  private static void publish(Channel channel, String queue) throws IOException {
    channel.basicPublish(
        "", queue, true, MessageProperties.PERSISTENT_TEXT_PLAIN, "hello".getBytes(UTF_8));
  }

  private static Connection connect(EmbeddedBroker broker) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection();
  }

  /** The client takes localhost for a host that it cannot read (rabbitmq-java-client 1228). */
  @ParameterizedTest
  @ValueSource(strings = {"amqp://me:secret@my_rabbit:5672", "amqp:///host", "amqp:secret"})
  void should_refuse_a_uri_when_it_has_no_host(String uri) {
    assertThatThrownBy(() -> Broker.at(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the URI of the broker is not valid");
  }
}
