package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome.Status;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedBrokerPublisherTest extends PublisherContract {

  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** Broker-J nacks such an event first and returns it afterwards. */
  @Override
  Status unroutable() {
    return Status.NACKED;
  }

  @Override
  String uri() {
    return broker.uri();
  }
}
