package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.DefaultExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the client from logging a warning for every broken connection and every failed reconnect:
 * the outcomes and one line of the collector report it.
 */
final class LostConnectionsAreNoNews extends DefaultExceptionHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqEventPublisher.class);

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable cause) {
    LOGGER.debug("a connection broke: {}", Reasons.of(cause));
  }
}
