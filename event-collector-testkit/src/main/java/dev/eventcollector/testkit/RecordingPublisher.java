package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Learns which event a payload has become: the collector asks it to validate each event, on the
 * thread that enqueues it, before anybody else can see the event.
 */
final class RecordingPublisher implements EventPublisher {

  private final EventPublisher publisher;
  private final EventLog log;
  private final ThreadLocal<@Nullable Enqueueing> current = new ThreadLocal<>();

  RecordingPublisher(EventPublisher publisher, EventLog log) {
    this.publisher = publisher;
    this.log = log;
  }

  private record Enqueueing(Object payload, int unit) {}

  String whileEnqueueing(Object payload, int unit, Supplier<String> enqueue) {
    current.set(new Enqueueing(payload, unit));
    try {
      return enqueue.get();
    } finally {
      current.remove();
    }
  }

  @Override
  public void validate(Event event) {
    publisher.validate(event);
    Enqueueing enqueueing = current.get();
    if (enqueueing != null) {
      log.expect(event, enqueueing.payload(), enqueueing.unit());
    }
  }

  @Override
  public List<Outcome> publish(List<Event> chunk, Duration timeout) {
    return publisher.publish(chunk, timeout);
  }

  @Override
  public void close() {
    publisher.close();
  }

  @Override
  public String toString() {
    return publisher.toString();
  }
}
