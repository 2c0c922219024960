package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import java.util.List;
import java.util.Map;

/**
 * An event, the payload it was made from, and its fate at the time of the query.
 *
 * <p>Immutable, as far as the payload is.
 *
 * @param event the event as it was, or would be, sent
 * @param payload the very object that was enqueued
 * @param stage its stage at that time
 * @param stored whether an outbox had inserted it in a transaction of the user's; the stage tells
 *     whether that was committed ({@link Stage#isPublished}) or rolled back ({@link Stage#CLEARED})
 * @param unit the number of the unit of work it was enqueued in; the collector counts them from 1
 * @param thread the name of the thread that enqueued it
 * @param outcomes the publisher's answers, one for each attempt
 */
public record RecordedEvent(
    Event event,
    Object payload,
    Stage stage,
    boolean stored,
    int unit,
    String thread,
    List<Outcome> outcomes) {

  /** The progress of an event. */
  public enum Stage {
    /** Enqueued, and neither published nor cleared. */
    COLLECTED,
    /** Dropped, because its unit of work failed. */
    CLEARED,
    /** Published, and not confirmed yet. */
    OWED,
    /** Published, and confirmed by the publisher. */
    CONFIRMED,
    /** Published, and withdrawn by the application. */
    WITHDRAWN,
    /** Published, and given up. */
    UNDELIVERABLE;

    /** Whether the unit of work has succeeded and the event was not withdrawn. */
    public boolean isPublished() {
      return this == OWED || this == CONFIRMED || this == UNDELIVERABLE;
    }
  }

  /** Copies the list. */
  public RecordedEvent {
    outcomes = List.copyOf(outcomes);
  }

  /** The event's id. */
  public String id() {
    return event.id();
  }

  /** The target queue, or the routing key for its exchange. */
  public String queue() {
    return event.queue();
  }

  /** Its headers. */
  public Map<String, Object> headers() {
    return event.headers();
  }

  /** Its body, read as UTF-8. */
  public String bodyAsText() {
    return event.bodyAsText();
  }
}
