package dev.eventcollector.testkit.broker;

import java.util.Arrays;
import java.util.Locale;

/** The brokers that a test can run on. */
public enum BrokerKind {
  /** {@link EmbeddedBroker}: always there. Each test has a virtual host of its own on it. */
  EMBEDDED,
  /** RabbitMQ at the URI in the environment variable {@code AMQP_URI}, when that is set. */
  AMQP_URI,
  /**
   * RabbitMQ in a container, when a Docker engine answers. The image is named by {@code
   * EVENT_COLLECTOR_RABBITMQ_IMAGE}; it defaults to {@code rabbitmq:4-management}.
   */
  TESTCONTAINERS;

  /** As it is written in reports and in {@code EVENT_COLLECTOR_BROKERS}: {@code amqp-uri}, say. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Optional dependencies of the testkit that have to be on the class path. */
  String libraries() {
    return switch (this) {
      case EMBEDDED ->
          "amqp-client, qpid-broker-core, qpid-broker-plugins-amqp-0-8-protocol and qpid-broker-plugins-memory-store";
      case AMQP_URI -> "amqp-client";
      case TESTCONTAINERS -> "amqp-client and testcontainers-rabbitmq";
    };
  }

  static BrokerKind parse(String text) {
    return Arrays.stream(values())
        .filter(kind -> kind.toString().equals(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "%s names an unknown broker: \"%s\"; there are %s",
                        Settings.BROKERS,
                        text,
                        Arrays.toString(values()))));
  }
}
