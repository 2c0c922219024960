package dev.eventcollector;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The backlog that lives and dies with the process. {@link PendingLimit} bounds it. */
final class InMemoryBacklog implements Backlog {

  private final ArrayDeque<OwedEvent> inOrder = new ArrayDeque<>();
  private final PriorityQueue<OwedEvent> aside =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueAt - b.dueAt));
  private List<OwedEvent> taken = List.of();
  private long lastPosition;

  @Override
  public void append(OwedEvent event) {
    event.position = ++lastPosition;
    inOrder.addLast(event);
  }

  @Override
  public void setAside(OwedEvent event) {
    event.aside = true;
    aside.add(event);
  }

  @Override
  public List<OwedEvent> takeInOrder(int max) {
    List<OwedEvent> batch = new ArrayList<>(Math.min(max, inOrder.size()));
    while (batch.size() < max && !inOrder.isEmpty()) {
      batch.add(inOrder.removeFirst());
    }
    taken = batch;
    return batch;
  }

  @Override
  public List<OwedEvent> takeDue(long now, int max) {
    List<OwedEvent> batch = new ArrayList<>();
    for (OwedEvent next = aside.peek();
        next != null && next.dueAt - now <= 0 && batch.size() < max;
        next = aside.peek()) {
      batch.add(aside.remove());
    }
    taken = batch;
    return batch;
  }

  @Override
  public void putBack(List<OwedEvent> stillInOrder) {
    for (int i = stillInOrder.size() - 1; i >= 0; i--) {
      inOrder.addFirst(stillInOrder.get(i));
    }
    taken = List.of();
  }

  @Override
  public List<OwedEvent> withdraw(Set<Event> events) {
    for (OwedEvent event : taken) {
      event.withdrawing |= events.contains(event.event);
    }
    List<OwedEvent> removed = new ArrayList<>();
    for (Iterable<OwedEvent> some : List.of(inOrder, aside)) {
      for (Iterator<OwedEvent> all = some.iterator(); all.hasNext(); ) {
        OwedEvent event = all.next();
        if (events.contains(event.event)) {
          all.remove();
          removed.add(event);
        }
      }
    }
    return removed;
  }

  @Override
  public List<OwedEvent> removeAll() {
    List<OwedEvent> all = everything().toList();
    taken = List.of();
    inOrder.clear();
    aside.clear();
    return all;
  }

  private Stream<OwedEvent> everything() {
    return Stream.of(taken, inOrder, aside).flatMap(Collection::stream);
  }

  @Override
  public long firstPosition() {
    if (!taken.isEmpty() && !taken.get(0).aside) {
      return taken.get(0).position;
    }
    OwedEvent first = inOrder.peekFirst();
    return first == null ? Long.MAX_VALUE : first.position;
  }

  @Override
  public long lastPosition() {
    return lastPosition;
  }

  @Override
  public boolean hasInOrder() {
    return !inOrder.isEmpty();
  }

  @Override
  public @Nullable Long nextDueAt() {
    OwedEvent next = aside.peek();
    return next == null ? null : next.dueAt;
  }

  @Override
  public int size() {
    return taken.size() + inOrder.size() + aside.size();
  }

  @Override
  public @Nullable Instant oldestSince() {
    return everything().map(event -> event.since).min(Instant::compareTo).orElse(null);
  }
}
