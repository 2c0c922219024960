package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.rabbitmq.Delivery;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import dev.eventcollector.spring.TransactionUnits;
import java.time.Duration;
import java.util.List;

/**
 * Lets a delivery wait for the events of the transactions that were committed while it was handled:
 * they are published in the background, and a delivery is acknowledged only after them. Stored
 * events need no waiting. The attempt's timeout bounds it, by an interrupt.
 */
final class AfterTransactions implements DeliveryHandler {

  private static final Duration UNTIL_INTERRUPTED = Duration.ofDays(1);

  private final DeliveryHandler handler;
  private final TransactionUnits transactions;

  AfterTransactions(DeliveryHandler handler, TransactionUnits transactions) {
    this.handler = handler;
    this.transactions = transactions;
  }

  @Override
  public void handle(Delivery delivery, EventCollector events) throws Exception {
    UnitOfWork unit = events.unitsOfWork().current().orElseThrow();
    handler.handle(delivery, events);
    List<PublishReport> committed = transactions.await(unit, UNTIL_INTERRUPTED);
    for (PublishReport report : committed) {
      if (!report.allSafe()) {
        throw new IllegalStateException(
            "not all events of a transaction that was committed are confirmed: " + report);
      }
    }
  }
}
