package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;

@Tag("needs-amqp-uri")
@WithBroker(BrokerKind.AMQP_URI)
class AmqpUriCrowdTest extends CrowdFaults {
  @BeforeEach
  void open(Broker given) throws Exception {
    putProxyBefore(given);
  }
}
