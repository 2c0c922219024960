package dev.eventcollector.examples.work.queue;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.rabbitmq.EventCollectorMetrics;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what happens to events, and logs each event that the broker has, also when it took more
 * than one attempt.
 */
record ObservedEvents(EventCollectorMetrics metrics) implements EventCollectorListener {

  private static final Logger LOGGER = LoggerFactory.getLogger(ObservedEvents.class);

  @Override
  public void onEnqueued(Event event) {
    metrics.onEnqueued(event);
  }

  @Override
  public void onCleared(List<Event> events) {
    metrics.onCleared(events);
  }

  @Override
  public void onWithdrawn(List<Event> events) {
    metrics.onWithdrawn(events);
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    metrics.onAttempt(events, outcomes, took);
    for (int i = 0; i < events.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        LOGGER.info("{}: in {}", events.get(i).id(), events.get(i).queue());
      }
    }
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    metrics.onUndeliverable(undeliverable);
  }
}
