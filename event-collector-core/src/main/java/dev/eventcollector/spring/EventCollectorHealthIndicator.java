package dev.eventcollector.spring;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** DOWN while the publisher is known to be unavailable, or the broker takes nothing. */
final class EventCollectorHealthIndicator extends AbstractHealthIndicator {

  private final PublishingEventCollector collector;

  EventCollectorHealthIndicator(PublishingEventCollector collector) {
    this.collector = collector;
  }

  @Override
  protected void doHealthCheck(Health.Builder health) {
    CollectorState state = collector.state();
    health.status(state.available() && state.blockedBecause() == null ? "UP" : "DOWN");
    health.withDetail("owed", state.owed()).withDetail("stored", state.stored());
    Given.then(state.blockedBecause(), reason -> health.withDetail("blocked", reason));
    if (!state.available()) {
      Given.then(state.lastTrouble(), trouble -> health.withDetail("trouble", trouble));
      Given.then(state.unavailableSince(), since -> health.withDetail("since", since.toString()));
    }
  }
}
