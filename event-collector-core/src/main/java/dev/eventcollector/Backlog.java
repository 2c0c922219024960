package dev.eventcollector;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the owed events: events that wait for the transport, in publishing order, and, set aside,
 * events that the broker refused. Not safe for use by many threads.
 *
 * <p>A taken event stays in the backlog, and keeps its place, until {@link #putBack}.
 */
interface Backlog {

  /** Adds an event behind all others. */
  void append(OwedEvent event);

  /** Puts an event aside, to be tried again at its {@code dueAt}. */
  void setAside(OwedEvent event);

  /** Takes the first events in order. */
  List<OwedEvent> takeInOrder(int max);

  /** Takes due events that were set aside. */
  List<OwedEvent> takeDue(long now, int max);

  /** Ends a take: events still owed in order return to their place. */
  void putBack(List<OwedEvent> stillInOrder);

  /** Removes waiting events, and returns them. Taken ones become {@code withdrawing}. */
  List<OwedEvent> withdraw(Set<Event> events);

  /** Empties the backlog, including taken events. */
  List<OwedEvent> removeAll();

  /** The position of the first event in order, taken or not; {@code Long.MAX_VALUE} if none. */
  long firstPosition();

  /** The position of the last event that was ever appended. */
  long lastPosition();

  boolean hasInOrder();

  /** When the next event set aside is due; null if there is none. */
  @Nullable Long nextDueAt();

  /** Events that wait or are taken. */
  int size();

  /** Since when the oldest event is owed. */
  @Nullable Instant oldestSince();
}
