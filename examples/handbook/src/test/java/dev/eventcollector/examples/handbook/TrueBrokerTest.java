package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollectors;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.Test;

// tag::test
@WithBroker // embedded; or @WithBroker(BrokerKind.AMQP_URI), or BrokerKind.TESTCONTAINERS
class TrueBrokerTest {
  @Test
  void should_announce_the_order(Broker broker) {
    broker.declareQueue("orders"); // deleted after the test
    try (var collector = Installation.collector(broker.uri());
        var installed = EventCollectors.replaceOnThisThread(collector)) {
      new Orders().place(42);
      assertThat(broker).queue("orders").received(event().withJson("{id: 42}"));
    }
  }
}
// end::test
