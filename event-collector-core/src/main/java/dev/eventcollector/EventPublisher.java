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
   * Sends the events in the order given and waits until the fate of each is known or the time is
   * over.
   *
   * <p>An event may come again, with the same id, when it was not confirmed. Whatever goes wrong is
   * told by the outcomes. When this method throws all the same, or answers with another number of
   * outcomes than it got events, every event of the chunk counts as {@link Outcome.Status#UNKNOWN}.
   * When the calling thread is interrupted, implementations return early and leave its interrupt
   * flag set.
   *
   * @param chunk at least one event; not to be changed
   * @param timeout an upper bound for the whole call; positive
   * @return one outcome per event, in the order of the events
   */
  List<Outcome> publish(List<Event> chunk, Duration timeout);

  /**
   * Checks, while it is being enqueued, that an event can be sent at all. Refuse here what the
   * transport has no place for, such as an exchange or properties, so that nothing is dropped in
   * silence.
   *
   * @throws InvalidEventException when it never can; the message names what and why
   */
  default void validate(Event event) {}

  /**
   * Why the other side takes no events at the moment, in its words; null when it does. Must answer
   * at once. Defaults to null.
   */
  default @Nullable String blockedReason() {
    return null;
  }

  /** Gives back what the publisher holds, in bounded time. Publishing afterwards fails. */
  @Override
  default void close() {}
}
