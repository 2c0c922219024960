package dev.eventcollector.spring;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.OutboxState;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * DOWN while the publisher is known to be unavailable, the broker takes nothing, or the outbox
 * cannot work in its database. UNKNOWN for a collector of another kind, such as that of a test.
 */
final class EventCollectorHealthIndicator extends AbstractHealthIndicator {

  private final @Nullable PublishingEventCollector collector;

  EventCollectorHealthIndicator(@Nullable PublishingEventCollector collector) {
    this.collector = collector;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    if (collector == null) {
      health.unknown();
      return;
    }
    CollectorState state = collector.state();
    health.status(state.available() && state.blockedBecause() == null ? "UP" : "DOWN");
    if (collector.eventStore().orElse(null) instanceof JdbcOutbox outbox) {
      tellOf(outbox.state(), health);
    }
    health.withDetail("owed", state.owed()).withDetail("stored", state.stored());
    Given.then(state.blockedBecause(), reason -> health.withDetail("blocked", reason));
    if (!state.available()) {
      Given.then(state.lastTrouble(), trouble -> health.withDetail("trouble", trouble));
      Given.then(state.unavailableSince(), since -> health.withDetail("since", since.toString()));
    }
  }

  private static void tellOf(OutboxState outbox, Health.Builder health) {
    health.withDetail("parked", outbox.parked());
    Given.then(
        outbox.oldestStoredAt(), since -> health.withDetail("oldestStoredAt", since.toString()));
    Given.then(
        outbox.databaseTrouble(),
        trouble -> health.status("DOWN").withDetail("databaseTrouble", trouble));
  }
}
