package dev.eventcollector.benchmarks;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Costs nothing, so that what is measured is what stands before it. */
final class ConfirmingAtOnce implements EventPublisher {

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    return Collections.nCopies(chunk.size(), Outcome.confirmed());
  }
}
