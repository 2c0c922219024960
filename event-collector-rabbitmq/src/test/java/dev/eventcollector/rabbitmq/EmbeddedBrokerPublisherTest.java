package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome.Status;
import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;

@WithBroker(BrokerKind.EMBEDDED)
class EmbeddedBrokerPublisherTest extends PublisherContract {

  /** Broker-J nacks such an event first and returns it afterwards. */
  @Override
  Status unroutable() {
    return Status.NACKED;
  }
}
