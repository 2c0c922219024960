package dev.eventcollector.examples.support.broker;

import dev.eventcollector.examples.support.settings.BrokerUris;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that an app is told to use, or else one in its process, which ends with it.
 *
 * @param uris where it is
 */
public record AppBroker(BrokerUris uris, @Nullable EmbeddedBroker embedded)
    implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(AppBroker.class);

  /**
   * Does not connect: a configured broker may come later.
   *
   * @param configured null to start one in this process, and to log its address
   */
  public static AppBroker open(@Nullable BrokerUris configured) {
    if (configured != null) {
      return new AppBroker(configured, null);
    }
    EmbeddedBroker embedded = EmbeddedBroker.start();
    LOGGER.warn(
        "AMQP_URI is not set: started an embedded broker, for trying things out; what it holds ends"
            + " with this process: AMQP_URI={}",
        embedded.uri());
    return new AppBroker(BrokerUris.parse(embedded.uri()), embedded);
  }

  /** Whether what it holds ends with this process. */
  public boolean isEmbedded() {
    return embedded != null;
  }

  /** Ends an embedded one. */
  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }
}
