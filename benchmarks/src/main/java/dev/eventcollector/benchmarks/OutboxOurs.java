package dev.eventcollector.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** JdbcOutbox at its defaults. */
final class OutboxOurs implements OutboxContestant {

  private static final byte[] BODY = OutboxPlace.BODY.getBytes(StandardCharsets.ISO_8859_1);

  private final HikariDataSource pool;
  private final JdbcOutbox outbox;
  private final PublishingEventCollector events;

  OutboxOurs(OutboxPlace place, boolean waits) {
    this(place, waits, RabbitMqEventPublisher.builder().uri(place.broker().uri()).build());
  }

  OutboxOurs(OutboxPlace place, boolean waits, EventPublisher publisher) {
    pool = place.pool(2);
    outbox = JdbcOutbox.builder(pool).createTables(true).waitForConfirms(waits).build();
    events =
        PublishingEventCollector.builder(publisher)
            .outbox(outbox)
            .drainTimeout(Duration.ZERO)
            .build();
  }

  @Override
  public void placeOrder(int count) throws Exception {
    outbox.inTransaction(
        connection -> {
          OutboxDatabase.insertOrder(connection);
          for (int i = 0; i < count; i++) {
            events.enqueueEvent(BODY, OutboxPlace.QUEUE);
          }
        });
  }

  @Override
  public long confirmed() {
    return events.state().confirmed();
  }

  @Override
  public String table() {
    return "event_outbox";
  }

  @Override
  public void close() {
    events.close();
    pool.close();
  }
}
