package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues that hold messages for the worker, and how existing ones were declared. */
@Tag("node-faults")
class TopologyTest extends NodeFaults {

  private Connection connection;
  private String name;

  @BeforeEach
  void connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(node.uri());
    connection = closeAtEnd(factory.newConnection());
    name = "topology-" + UUID.randomUUID();
    broker.deleteAtEnd(name);
  }

  private void declare(boolean durable, Map<String, Object> arguments) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(name, durable, false, false, arguments);
    }
  }

  @Test
  void should_declare_a_classic_queue_when_there_is_none_trap_29() throws Exception {
    assertThat(Topology.ensureHoldingQueue(connection, name)).isNull();

    assertThat(node.control("list_queues", "--silent", "name", "type", "durable", "arguments"))
        .contains(name + "\tclassic\ttrue")
        .contains("{\"x-queue-type\",\"classic\"}");
    assertThat(Topology.ensureHoldingQueue(connection, name)).as("found the next time").isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "x-message-ttl,1000,x-message-ttl = 1000",
    "x-expires,100000,x-expires = 100000",
    "x-max-length,10,x-max-length = 10",
    "x-max-length-bytes,10,x-max-length-bytes = 10"
  })
  void should_name_the_risk_when_an_existing_queue_may_lose_messages_trap_29(
      String argument, int value, String said) throws Exception {
    declare(true, Map.of(argument, value));

    assertThat(Topology.ensureHoldingQueue(connection, name)).contains(name, said);
  }

  @Test
  void should_name_no_risk_when_a_full_queue_refuses_trap_29() throws Exception {
    declare(true, Map.of("x-max-length", 10, "x-overflow", "reject-publish"));

    assertThat(Topology.ensureHoldingQueue(connection, name)).isNull();
  }

  @Test
  void should_name_the_risk_when_an_existing_queue_is_not_durable_trap_29() throws Exception {
    declare(false, Map.of("x-message-ttl", 5));

    assertThat(Topology.ensureHoldingQueue(connection, name)).contains("is not durable");
  }

  @Test
  void should_know_a_quorum_queues_delivery_limit_by_version_trap_29() throws Exception {
    Map<String, Object> arguments = new HashMap<>(Map.of("x-queue-type", "quorum"));
    declare(true, arguments);
    QueueArguments unlimited = QueueArguments.of(connection, name);
    assertThat(unlimited.type()).isEqualTo("quorum");
    assertThat(unlimited.deliveryLimit(false)).isNull();
    assertThat(unlimited.deliveryLimit(true)).isEqualTo(20);
    assertThat(Topology.risk(name, unlimited, true)).contains("returned 20 times");
    assertThat(Topology.risk(name, unlimited, false)).isNull();

    broker.deleteAtEnd(name + "-7");
    name += "-7";
    arguments.put("x-delivery-limit", 7);
    declare(true, arguments);

    assertThat(Topology.ensureHoldingQueue(connection, name)).contains("returned 7 times");
  }

  @Test
  void should_tell_a_stream_however_it_was_declared_trap_29() throws Exception {
    declare(
        true,
        Map.of("x-queue-type", "stream", "x-max-length-bytes", 1_000_000L, "x-max-age", "1h"));

    assertThat(Topology.ensureHoldingQueue(connection, name))
        .contains("queue " + name + " is a stream");
    assertThat(connection.isOpen()).isTrue();
  }
}
