package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.BeforeEach;

@WithBroker
class CrowdTest extends CrowdFaults {
  @BeforeEach
  void open(Broker given) throws Exception {
    putProxyBefore(given);
  }
}
