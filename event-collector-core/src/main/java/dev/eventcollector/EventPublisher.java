package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transport behind a collector: takes a chunk of events and answers with an {@link Outcome} for
 * every one of them. Implement it to publish elsewhere than to RabbitMQ.
 *
 * <p>Implementations must be safe for use by many threads.
 */
public interface EventPublisher extends AutoCloseable {

  /**
   * Sends the events in the order given and waits until the fate of each is known or the timeout
   * has passed.
   *
   * <p>An unconfirmed event may come again, with the same id. The outcomes report all failures. If
   * this method throws nevertheless, or returns more or fewer outcomes than events, every event of
   * the chunk counts as {@link Outcome.Status#UNKNOWN}. When the calling thread is interrupted,
   * implementations return early and leave its interrupt flag set.
   *
   * @param chunk at least one event; not to be changed
   * @param timeout an upper bound for the whole call; positive
   * @return one outcome per event, in the order of the events
   */
  List<Outcome> publish(List<Event> chunk, Duration timeout);

  /**
   * Checks, while an event is being enqueued, that it can be sent at all. Refuse features that the
   * transport does not support, such as exchanges or properties, so that nothing is dropped
   * silently.
   *
   * @throws InvalidEventException when it never can; the message names the problem and its reason
   */
  default void validate(Event event) {}

  /**
   * Why the broker accepts no events at the moment, in its own words; null when it does. Must
   * return at once. Defaults to null.
   */
  default @Nullable String blockedReason() {
    return null;
  }

  /** Releases the publisher's resources, in bounded time. Publishing afterwards fails. */
  @Override
  default void close() {}
}
