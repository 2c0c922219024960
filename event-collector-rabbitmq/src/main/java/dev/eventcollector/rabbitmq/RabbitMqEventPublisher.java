package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to RabbitMQ, or another broker that speaks AMQP 0-9-1: persistent, with a publisher
 * confirm for every event, and {@code mandatory} unless {@code EventOptions.withMandatory(false)}
 * says otherwise.
 *
 * <pre>{@code
 * var publisher = RabbitMqEventPublisher.builder().uri("amqp://user:password@host/vhost").build();
 * EventCollectors.install(publisher);
 * }</pre>
 *
 * <p>Safe for use by many threads: all share one connection. A chunk has a channel to itself while
 * it is published, or goes with other small chunks for the same queue, each with its own outcomes
 * ({@link RabbitMqEventPublisherBuilder#maxChannels}). It connects when the first chunk is
 * published, or when it is built ({@link RabbitMqEventPublisherBuilder#connectAtStart}), and again
 * when the connection was lost.
 */
public final class RabbitMqEventPublisher implements EventPublisher {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqEventPublisher.class);

  private final Publishing publishing;
  private final Connector connector;
  private final String exchange;

  RabbitMqEventPublisher(
      Connector connector, String exchange, int maxChannels, List<Declaration> declarations) {
    this.connector = connector;
    this.exchange = exchange;
    this.publishing = new Publishing(connector, "publisher", maxChannels, declarations);
  }

  /** Connects now, and closes the publisher when it must, and cannot. */
  void connect(ConnectAtStart how) {
    if (how == ConnectAtStart.LATER) {
      return;
    }
    try {
      publishing.connect(connector.longestNanos());
    } catch (IOException e) {
      if (how == ConnectAtStart.FAIL) {
        close();
        throw new EventCollectorException(e.getMessage() + " (connectAtStart)", e);
      }
      LOGGER.warn("{} (connectAtStart); it is tried again with the first event", e.getMessage());
    }
  }

  /** Starts to configure a publisher. */
  public static RabbitMqEventPublisherBuilder builder() {
    return new RabbitMqEventPublisherBuilder();
  }

  /** Checks names, properties and headers against what AMQP 0-9-1 and RabbitMQ can carry. */
  @Override
  public void validate(Event event) {
    AmqpLimits.check(event);
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    return publishing.publish(new EventChunk(chunk, exchange), timeout);
  }

  /** Closes the connection; takes at most two seconds when the broker does not answer. */
  @Override
  public void close() {
    publishing.close();
  }

  /** Since when there is a connection for publishing; null while there is none. */
  public @Nullable Instant connectedSince() {
    return publishing.connectedSince();
  }

  /** Why the broker takes no messages at the moment, in its words; null when it does. */
  @Override
  public @Nullable String blockedReason() {
    return publishing.blockedReason();
  }

  /** Tells the broker addresses, without credentials. */
  @Override
  public String toString() {
    return "RabbitMqEventPublisher" + connector;
  }
}
