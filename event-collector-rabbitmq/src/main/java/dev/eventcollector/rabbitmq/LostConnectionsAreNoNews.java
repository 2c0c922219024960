package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the client from warning of every connection that breaks, and of every attempt to get a new
 * one: outcomes and the collector's own line tell it, once.
 */
final class LostConnectionsAreNoNews extends DefaultExceptionHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqEventPublisher.class);

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable cause) {
    LOGGER.debug("a connection broke: {}", Reasons.of(cause));
  }
}
