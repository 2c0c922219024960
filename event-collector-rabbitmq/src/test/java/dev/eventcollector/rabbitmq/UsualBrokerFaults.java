package dev.eventcollector.rabbitmq;

import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import org.junit.jupiter.api.BeforeEach;

/** Faults that a proxy can make on any broker. */
@WithBroker
abstract class UsualBrokerFaults extends FaultFixture {

  @BeforeEach
  void open(Broker given) throws Exception {
    putProxyBefore(given);
  }
}
