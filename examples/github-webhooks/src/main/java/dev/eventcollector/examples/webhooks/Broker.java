package dev.eventcollector.examples.webhooks;

import dev.eventcollector.testkit.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker that is configured, or else one in this process. */
record Broker(BrokerUris uris, @Nullable EmbeddedBroker embedded) implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Broker.class);

  static Broker of(@Nullable BrokerUris configured) {
    if (configured != null) {
      return new Broker(configured, null);
    }
    EmbeddedBroker embedded = EmbeddedBroker.start();
    LOGGER.warn(
        "AMQP_URI is not set: started an {}, for trying things out; what it holds ends with this"
            + " process",
        embedded);
    return new Broker(BrokerUris.parse(embedded.uri()), embedded);
  }

  /** Whether what it holds ends with this process. */
  boolean isEmbedded() {
    return embedded != null;
  }

  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
