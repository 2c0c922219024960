package dev.eventcollector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unit of work of a {@link PublishingEventCollector}. */
final class CollectedUnit implements UnitOfWork {

  /** Made by the first event on a thread without a unit, and ended by publish or clear. */
  final boolean implicit;

  final EventBuffer buffer;
  private final PublishingEventCollector collector;
  private final boolean canBeAbandoned;
  private volatile @Nullable Object watch; // written under the lock

  /** Begins on the calling thread, and belongs to it alone unless it is shared. */
  CollectedUnit(PublishingEventCollector collector, boolean implicit, boolean canBeAbandoned) {
    this.collector = collector;
    this.buffer = new EventBuffer(Thread.currentThread().getName());
    this.implicit = implicit;
    this.canBeAbandoned = canBeAbandoned;
  }

  /** Lets other threads collect into it, too. */
  CollectedUnit shared() {
    buffer.share();
    return this;
  }

  void add(Event event) {
    buffer.add(event);
    if (canBeAbandoned) {
      watch();
    }
  }

  /** Only units with events are watched: of the others nothing could be lost. */
  private synchronized void watch() {
    if (watch == null && !buffer.hasEnded()) {
      watch = collector.abandonedUnits().watch(this);
    }
  }

  /** Ends the unit; what it had collected. */
  List<Event> end() {
    List<Event> events = buffer.end();
    if (watch != null) {
      unwatch();
    }
    return events;
  }

  private synchronized void unwatch() {
    if (watch != null) {
      collector.abandonedUnits().unwatch(watch);
      watch = null;
    }
  }

  @Override
  public Binding bind() {
    if (buffer.hasEnded()) {
      throw new IllegalStateException("the unit of work has ended, so it cannot be bound");
    }
    return collector.bind(this);
  }

  @Override
  public List<Event> eventsToPublish() {
    return buffer.copy();
  }

  @Override
  public PublishReport publish() {
    return collector.dispatch(end());
  }

  @Override
  public int clear() {
    return collector.drop(end());
  }

  @Override
  public boolean hasEnded() {
    return buffer.hasEnded();
  }

  @Override
  public void close() {
    if (!buffer.hasEnded()) {
      clear();
    }
  }
}
