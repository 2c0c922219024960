package dev.eventcollector;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the owed events: those that wait for the transport in the order in which they were
 * published, and, aside, those that the broker refused. Not safe for use by many threads.
 *
 * <p>What was taken stays in the backlog, and holds its place, until {@link #putBack}.
 */
interface Backlog {

  /** Adds an event behind all others. */
  void append(OwedEvent event);

  /** Puts an event aside, to be tried again at its {@code dueAt}. */
  void setAside(OwedEvent event);

  /** Takes the first events in order. */
  List<OwedEvent> takeInOrder(int max);

  /** Takes events from aside that are due. */
  List<OwedEvent> takeDue(long now, int max);

  /** Ends a take: those that are still owed in order go back to their place. */
  void putBack(List<OwedEvent> stillInOrder);

  /** Removes waiting events; those that are taken stay. Returns what was removed. */
  List<OwedEvent> remove(Set<Event> events);

  /** Empties the backlog, the taken ones included. */
  List<OwedEvent> removeAll();

  /** The position of the first event in order, taken or not; {@code Long.MAX_VALUE} if none. */
  long firstPosition();

  /** The position of the last event that was ever appended. */
  long lastPosition();

  boolean hasInOrder();

  /** When the next one from aside is due; null when none is aside. */
  @Nullable Long nextDueAt();

  /** Events that wait or are taken. */
  int size();

  /** Since when the oldest event is owed. */
  @Nullable Instant oldestSince();
}
