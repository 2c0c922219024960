package dev.eventcollector.rabbitmq;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the first broker that answers, beginning with the one that answered last. */
final class Connector {

  private static final Logger LOGGER = LoggerFactory.getLogger(Connector.class);

  private final List<BrokerAddress> addresses;
  private final ConnectionSettings settings;
  private final AtomicInteger next = new AtomicInteger();

  Connector(List<BrokerAddress> addresses, ConnectionSettings settings) {
    this.addresses = addresses;
    this.settings = settings;
  }

  /**
   * Connects, trying each broker once.
   *
   * @throws IOException tells for every broker why it did not work
   */
  OpenConnection connect(String purpose) throws IOException {
    StringBuilder failures = new StringBuilder();
    int first = next.get();
    for (int i = 0; i < addresses.size(); i++) {
      int at = (first + i) % addresses.size();
      BrokerAddress address = addresses.get(at);
      try {
        OpenConnection open =
            address.connect(settings.connectTimeout(), settings.name() + " " + purpose);
        next.set(at);
        LOGGER.info("connected to {} for {}", address, purpose);
        return open;
      } catch (IOException | TimeoutException | RuntimeException e) {
        failures
            .append(i == 0 ? "" : "; ")
            .append(address)
            .append(": ")
            .append(Reasons.ofConnecting(e));
        next.set((at + 1) % addresses.size());
      }
    }
    throw new IOException("cannot connect to " + failures);
  }

  @Override
  public String toString() {
    return addresses.toString();
  }
}
