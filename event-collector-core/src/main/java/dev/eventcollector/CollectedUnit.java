package dev.eventcollector;

import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unit of work of a {@link PublishingEventCollector}. */
final class CollectedUnit implements UnitOfWork {

  /** How a unit began. */
  enum Kind {
    /** With the first event on a thread without a unit; publish or clear ends it. */
    IMPLICIT,
    /** With a block, on whose thread it ends. */
    OF_BLOCK,
    /** By itself, for whatever thread binds it. */
    FREE
  }

  final EventBuffer buffer;
  private final PublishingEventCollector collector;
  private final Kind kind;
  private volatile @Nullable Object watch; // written under the lock

  /** Begins on the calling thread, and belongs to it alone unless it is free or shared. */
  CollectedUnit(PublishingEventCollector collector, Kind kind) {
    this.collector = collector;
    this.kind = kind;
    this.buffer = new EventBuffer(Thread.currentThread().getName(), kind == Kind.FREE);
  }

  boolean isImplicit() {
    return kind == Kind.IMPLICIT;
  }

  /** Lets other threads collect into it, too. */
  void share() {
    buffer.share();
  }

  /** Only units with events are watched: of the others nothing could be lost. */
  void hasCollected() {
    if (kind != Kind.OF_BLOCK && watch == null) {
      watch();
    }
    Reference.reachabilityFence(this); // orders the buffer before whoever finds it abandoned
  }

  private synchronized void watch() {
    if (watch == null) {
      watch = collector.abandonedUnits().watch(this);
    }
    if (buffer.hasEnded()) {
      unwatch();
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
