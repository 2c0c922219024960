package dev.eventcollector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs everything but the payload, at ERROR. */
final class LoggingUndeliverableHandler implements UndeliverableHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoggingUndeliverableHandler.class);

  @Override
  public void handle(UndeliverableEvent undeliverable) {
    Event event = undeliverable.event();
    Exchange exchange = event.exchange();
    LOGGER.error(
        "undeliverable event: {}; id={} queue={} exchange={} bytes={} contentType={} headers={}"
            + " properties={} attempts={} owedSince={} lastOutcome={}",
        undeliverable.reason(),
        event.id(),
        event.queue(),
        exchange == null ? "" : exchange.name(),
        event.body().length,
        event.contentType(),
        event.headers(),
        event.properties(),
        undeliverable.attempts(),
        undeliverable.owedSince(),
        undeliverable.lastOutcome());
  }
}
