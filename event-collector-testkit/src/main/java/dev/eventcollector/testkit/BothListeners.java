package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.UndeliverableEvent;
import java.time.Duration;
import java.util.List;

/** Tells one listener, then the other. */
record BothListeners(EventCollectorListener first, EventCollectorListener second)
    implements EventCollectorListener {

  @Override
  public void onEnqueued(Event event) {
    first.onEnqueued(event);
    second.onEnqueued(event);
  }

  @Override
  public void onOwed(List<Event> events) {
    first.onOwed(events);
    second.onOwed(events);
  }

  @Override
  public void onCleared(List<Event> events) {
    first.onCleared(events);
    second.onCleared(events);
  }

  @Override
  public void onWithdrawn(List<Event> events) {
    first.onWithdrawn(events);
    second.onWithdrawn(events);
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    first.onAttempt(events, outcomes, took);
    second.onAttempt(events, outcomes, took);
  }

  @Override
  public void onUndeliverable(UndeliverableEvent undeliverable) {
    first.onUndeliverable(undeliverable);
    second.onUndeliverable(undeliverable);
  }

  @Override
  public void onUnavailable(String reason) {
    first.onUnavailable(reason);
    second.onUnavailable(reason);
  }

  @Override
  public void onAvailable(Duration unavailableFor) {
    first.onAvailable(unavailableFor);
    second.onAvailable(unavailableFor);
  }
}
