package dev.eventcollector;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs everything but the payload, at ERROR. */
final class LoggingUndeliverableHandler implements UndeliverableHandler {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoggingUndeliverableHandler.class);

  @Override
  public void handle(UndeliverableEvent undeliverable) {
    Event event = undeliverable.event();
    LOGGER.error(
        "undeliverable event: {}; id={} queue={} bytes={} contentType={} headers={} attempts={}"
            + " owedSince={} lastOutcome={}",
        undeliverable.reason(),
        event.id(),
        event.queue(),
        event.body().length,
        event.contentType(),
        event.headers(),
        undeliverable.attempts(),
        undeliverable.owedSince(),
        undeliverable.lastOutcome());
  }
}
