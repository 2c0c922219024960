package dev.eventcollector.examples.webhooks;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.List;

/** Counts what the app does, from the requests to the workflow runs. */
final class Counters implements EventCollectorListener {

  /** How the handling of a delivery can end. */
  enum Handling {
    /** The broker has all of its workflow runs. */
    COMPLETED,
    /** It had been completed before. */
    DUPLICATE,
    /** It will come again. */
    FAILED,
    /** It is no delivery of GitHub's and was put aside. */
    PARKED
  }

  /** Requests to the webhook, by the status of the answer. */
  final Tally<Integer> answers = new Tally<>();

  /** Deliveries that came out of the queue. */
  final Tally<Handling> handled = new Tally<>();

  /** Events by their queue. */
  final Tally<String> enqueued = new Tally<>();

  /** Events by their queue. */
  final Tally<String> confirmed = new Tally<>();

  @Override
  public void onEnqueued(Event event) {
    enqueued.add(event.queue());
  }

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        confirmed.add(events.get(i).queue());
      }
    }
  }
}
