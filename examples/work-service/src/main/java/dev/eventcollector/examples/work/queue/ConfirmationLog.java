package dev.eventcollector.examples.work.queue;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each event that the broker has, also when it took more than one attempt. */
final class ConfirmationLog implements EventCollectorListener {

  private static final Logger LOGGER = LoggerFactory.getLogger(ConfirmationLog.class);

  @Override
  public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
    for (int i = 0; i < events.size(); i++) {
      if (outcomes.get(i).isConfirmed()) {
        LOGGER.info("{}: in {}", events.get(i).id(), events.get(i).queue());
      }
    }
  }
}
