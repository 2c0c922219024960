package dev.eventcollector.rabbitmq;

import dev.eventcollector.internal.SafeLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to the first broker that answers, beginning with the one that answered last. */
final class Connector {

  private static final Logger LOGGER = LoggerFactory.getLogger(Connector.class);

  /** TCP, TLS, handshake, opening the virtual host, and one for later declarations. */
  private static final int STEPS = 5;

  private final List<BrokerAddress> addresses;
  private final ConnectionSettings settings;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean refused = new AtomicBoolean();

  Connector(List<BrokerAddress> addresses, ConnectionSettings settings) {
    this.addresses = addresses;
    this.settings = settings;
  }

  /**
   * Connects, trying each broker once.
   *
   * @throws IOException with the reason for each broker
   */
  OpenConnection connect(String purpose) throws IOException {
    return connect(purpose, false);
  }

  /** Like {@link #connect(String)}; it may cut headers that the client cannot read. */
  OpenConnection connect(String purpose, boolean cutsHeaders) throws IOException {
    StringBuilder failures = new StringBuilder();
    int first = next.get();
    for (int i = 0; i < addresses.size(); i++) {
      int at = (first + i) % addresses.size();
      BrokerAddress address = addresses.get(at);
      try {
        OpenConnection open =
            address.connect(
                settings.connectTimeout(), settings.name() + " " + purpose, cutsHeaders);
        next.set(at);
        refused.set(false);
        SafeLog.withoutThrowable(() -> LOGGER.info("connected to {} for {}", address, purpose));
        return open;
      } catch (IOException | TimeoutException | RuntimeException e) {
        if (Reasons.isLoginRefused(e) && !refused.getAndSet(true)) {
          LOGGER.error(
              "{}: {}. This is no outage: connecting for {} fails until the login is right",
              address,
              Reasons.ofConnecting(e, address.virtualHost()),
              purpose);
        }
        failures
            .append(i == 0 ? "" : "; ")
            .append(address)
            .append(": ")
            .append(Reasons.ofConnecting(e, address.virtualHost()));
        next.set((at + 1) % addresses.size());
      }
    }
    throw new IOException("cannot connect to " + failures);
  }

  /** The nanoseconds after which {@link #connect} has certainly given up. */
  long longestNanos() {
    long each = Timeouts.nanos(settings.connectTimeout());
    long all = STEPS * addresses.size();
    return each > Long.MAX_VALUE / 2 / all ? Long.MAX_VALUE / 2 : each * all;
  }

  @Override
  public String toString() {
    return addresses.toString();
  }
}
