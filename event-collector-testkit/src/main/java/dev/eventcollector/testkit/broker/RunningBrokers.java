package dev.eventcollector.testkit.broker;

import java.util.concurrent.atomic.AtomicInteger;

/** Starts, or finds, the broker of each kind. */
final class RunningBrokers {

  private RunningBrokers() {}

  static RunningBroker start(BrokerKind kind, Settings settings) throws BrokerUnavailableException {
    return switch (kind) {
      case EMBEDDED -> new Embedded();
      case AMQP_URI -> remote(settings);
      case TESTCONTAINERS -> RabbitMqInDocker.start(settings.image());
    };
  }

  private static RunningBroker remote(Settings settings) throws BrokerUnavailableException {
    String uri = settings.amqpUri();
    if (uri == null) {
      throw new BrokerUnavailableException(Settings.AMQP_URI + " is not set");
    }
    return new Remote(BrokerKind.AMQP_URI, uri, () -> {});
  }

  /** Connects, so that a broker that cannot be reached is found out at once. */
  private static String describe(BrokerKind kind, String uri) {
    try (AmqpConnector connector = new AmqpConnector(kind + " broker", uri)) {
      return connector.product() + ", " + connector;
    }
  }

  /** Each hold has a virtual host of its own, so that tests in parallel may use the same names. */
  private static final class Embedded implements RunningBroker {

    private final EmbeddedBroker broker = EmbeddedBroker.start();
    private final AtomicInteger tests = new AtomicInteger();
    private final String description = describe(BrokerKind.EMBEDDED, broker.uri());

    @Override
    public Broker newBroker() {
      String virtualHost = "test-" + tests.incrementAndGet();
      String uri = broker.addVirtualHost(virtualHost);
      return new AmqpBroker(
          BrokerKind.EMBEDDED + " broker", uri, () -> broker.removeVirtualHost(virtualHost));
    }

    @Override
    public void close() {
      broker.close();
    }

    @Override
    public String toString() {
      return description;
    }
  }

  /** Each hold deletes what it declared. */
  static final class Remote implements RunningBroker {

    private final BrokerKind kind;
    private final String uri;
    private final Runnable stop;
    private final String description;

    Remote(BrokerKind kind, String uri, Runnable stop) {
      this.kind = kind;
      this.uri = uri;
      this.stop = stop;
      this.description = describe(kind, uri);
    }

    @Override
    public Broker newBroker() {
      return new AmqpBroker(kind + " broker", uri, () -> {});
    }

    @Override
    public void close() {
      stop.run();
    }

    @Override
    public String toString() {
      return description;
    }
  }
}
