package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.PublishingEventCollector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connecting while a worker is started. */
class WorkerConnectAtStartTest extends UsualBrokerFaults {

  private final CapturedLog log = new CapturedLog();
  private Set<Thread> before = Set.of();

  @BeforeEach
  void listen() {
    before = Thread.getAllStackTraces().keySet();
  }

  @AfterEach
  void listenNoMore() {
    log.close();
  }

  private List<String> logged(Level level) {
    return log.at(level, queue);
  }

  private RabbitMqWorkerBuilder worker(ConnectAtStart how) {
    return RabbitMqWorker.builder()
        .uri(proxy.uri())
        .queue(queue)
        .collector(PublishingEventCollector.builder((chunk, timeout) -> List.of()).build())
        .handler((delivery, events) -> {})
        .connectAtStart(how);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertDoesNotStart(
      RabbitMqWorkerBuilder builder) {
    return assertThatThrownBy(() -> closeAtEnd(builder.start()))
        .isInstanceOf(EventCollectorException.class)
        .hasMessageContaining("cannot consume " + queue + ": ")
        .hasMessageContaining("connectAtStart");
  }

  private void assertNothingLeft() {
    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains(queue) || name.startsWith("AMQP")));
    await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
  }

  @Test
  void should_consume_when_it_has_started_and_has_to_connect() {
    for (ConnectAtStart how : List.of(ConnectAtStart.FAIL, ConnectAtStart.WARN)) {
      try (RabbitMqWorker worker = worker(how).start()) {
        assertThat(worker.trouble()).isNull();
        assertThat(worker.isConsuming()).isTrue();
      }
    }
  }

  @Test
  void should_throw_and_leave_nothing_behind_when_nobody_listens() throws Exception {
    proxy.refuseConnections();

    assertDoesNotStart(worker(ConnectAtStart.FAIL))
        .hasMessageContaining("cannot connect to amqp://")
        .hasMessageContaining("refused");

    assertNothingLeft();
    assertThat(logged(Level.WARN)).isEmpty();
  }

  @Test
  void should_throw_and_leave_nothing_behind_when_the_broker_does_not_answer() {
    proxy.acceptAndNeverAnswer();

    assertDoesNotStart(worker(ConnectAtStart.FAIL)).hasMessageContaining("cannot connect to");

    assertNothingLeft();
  }

  @Test
  void should_say_that_the_login_is_refused_and_name_the_remedy() {
    String uri = proxy.uri().replaceFirst("://.*@", "://guest:wr0ng@");

    assertDoesNotStart(worker(ConnectAtStart.FAIL).uri(uri))
        .hasMessageContaining("refuses the login")
        .hasMessageContaining("check user and password")
        .hasMessageNotContaining("wr0ng");

    assertNothingLeft();
    assertThat(logged(Level.ERROR))
        .singleElement()
        .asString()
        .contains("This is no outage")
        .doesNotContain("tried again");
  }

  @Test
  void should_throw_and_leave_nothing_behind_when_the_queue_cannot_be_consumed() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(broker.uri());
    try (Connection other = factory.newConnection();
        Channel channel = other.createChannel()) {
      channel.basicConsume(
          queue, true, "", false, true, Map.of(), new DefaultConsumer(channel)); // exclusive

      assertDoesNotStart(worker(ConnectAtStart.FAIL)).hasMessageContaining("403");
    }

    await().untilAsserted(() -> assertThat(proxy.connections()).isZero());
    assertThat(proxy.accepted()).as("connections, ever").isEqualTo(1);
  }

  @Test
  void should_throw_and_keep_the_flag_when_interrupted() {
    proxy.acceptAndNeverAnswer();
    Thread.currentThread().interrupt();

    assertDoesNotStart(worker(ConnectAtStart.FAIL)).hasMessageContaining("interrupted");

    assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
    assertNothingLeft();
  }

  @Test
  void should_warn_once_and_go_on_when_it_may_connect_later() throws Exception {
    proxy.refuseConnections();
    try (RabbitMqWorker worker = worker(ConnectAtStart.WARN).start()) {
      assertThat(worker.trouble()).contains("cannot connect to amqp://");
      assertThat(logged(Level.WARN))
          .singleElement()
          .asString()
          .contains("cannot consume " + queue + ", trying again: cannot connect to");
      proxy.acceptConnections();

      await().until(worker::isConsuming);
    }
    assertThat(logged(Level.WARN)).hasSize(1);
  }
}
