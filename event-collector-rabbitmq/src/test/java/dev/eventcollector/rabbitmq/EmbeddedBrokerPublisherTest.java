package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome.Status;
import dev.eventcollector.testkit.broker.BrokerKind;
import dev.eventcollector.testkit.broker.WithBroker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

@WithBroker(BrokerKind.EMBEDDED)
class EmbeddedBrokerPublisherTest extends PublisherContract {

  /** Broker-J nacks such an event first and returns it afterwards. */
  @Override
  Status unroutable() {
    return Status.NACKED;
  }

  /** Broker-J takes it for a time since 1970, and so drops the message. */
  @Override
  @Nullable Duration expiration() {
    return null;
  }

  /** Broker-J does not acknowledge what it returns, so it is not asked to return it. */
  @Override
  Status unrouted() {
    return Status.CONFIRMED;
  }
}
