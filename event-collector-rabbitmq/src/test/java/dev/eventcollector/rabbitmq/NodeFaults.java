package dev.eventcollector.rabbitmq;

import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqNode;
import dev.eventcollector.testkit.broker.Broker;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;

/** Faults that only RabbitMQ shows, on a private node for each class. */
@Tag("needs-rabbitmq-nodes")
abstract class NodeFaults extends FaultFixture {

  static final int MAX_MESSAGE_SIZE = 200_000;
  static final int CHANNEL_MAX = 8;

  private static RabbitMqLab lab;
  static RabbitMqNode node;

  @BeforeAll
  static void startNode(TestInfo test) throws Exception {
    Class<?> testClass = test.getTestClass().orElseThrow();
    Configuration own = testClass.getAnnotation(Configuration.class);
    lab = RabbitMqLab.open(testClass);
    node =
        own != null
            ? lab.startNode(own.value())
            : lab.startNode(
                "max_message_size = " + MAX_MESSAGE_SIZE, "channel_max = " + CHANNEL_MAX);
  }

  @AfterAll
  static void stopNode() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    putProxyBefore(closeAtEnd(Broker.at(node.uri())));
  }

  /** To be asked after the node was restarted; the hold from before has lost its connection. */
  void lookAgain() {
    broker = closeAtEnd(Broker.at(node.uri()));
  }

  /** The lines of the node's configuration, instead of the usual ones. */
  @Retention(RetentionPolicy.RUNTIME)
  @interface Configuration {
    String[] value();
  }
}
