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

  private final PublishingEventCollector collector;
  private final Kind kind;
  final EventBuffer buffer;
  private final @Nullable CollectedUnit outer; // of a nested unit
  private final Savepoint savepoint;
  private volatile @Nullable Object watch; // written under the lock

  /** Begins on the calling thread, and belongs to it alone unless it is free or shared. */
  CollectedUnit(PublishingEventCollector collector, Kind kind) {
    this.collector = collector;
    this.kind = kind;
    this.buffer = new EventBuffer(Thread.currentThread().getName(), kind == Kind.FREE);
    this.outer = null;
    this.savepoint = Savepoint.NONE;
  }

  private CollectedUnit(CollectedUnit outer) {
    this.collector = outer.collector;
    this.kind = Kind.OF_BLOCK;
    this.buffer = outer.buffer;
    this.outer = outer;
    this.savepoint = new Savepoint(outer.savepoint);
  }

  /** A unit that collects into this one, but fails by itself. */
  CollectedUnit nested() {
    return new CollectedUnit(this);
  }

  /** Ends a nested unit whose events this is now to keep. */
  void release() {
    savepoint.release();
  }

  /** Ends a nested unit that has failed; what it had collected. */
  List<Event> rollBack() {
    return buffer.rollBack(savepoint);
  }

  /** The innermost around this, or this itself, that is not a nested unit that is over. */
  CollectedUnit inForce() {
    CollectedUnit unit = this;
    while (unit.outer != null && unit.savepoint.isOver()) {
      unit = unit.outer;
    }
    return unit;
  }

  boolean isImplicit() {
    return kind == Kind.IMPLICIT;
  }

  /** Lets other threads collect into it, too. */
  void share() {
    buffer.share();
  }

  void add(Event event) {
    buffer.add(event, savepoint);
  }

  /** Only units with events are watched: of the others nothing could be lost. */
  void hasCollected() {
    if (outer != null) {
      outer.hasCollected();
    } else if (kind != Kind.OF_BLOCK && watch == null) {
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

  /** What it has collected since it began or was last published, which it no longer has. */
  List<Event> takeAll() {
    return buffer.takeAll();
  }

  /** The same of a nested unit: only what was collected inside it. */
  List<Event> takeOwn() {
    return buffer.takeSince(savepoint);
  }

  /** Ends the unit, with those around it; what they had collected. */
  private List<Event> end() {
    if (outer != null) {
      return outer.end();
    }
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
    if (hasEnded()) {
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
    return buffer.hasEnded() || savepoint.isRolledBack();
  }

  @Override
  public void close() {
    if (!buffer.hasEnded()) {
      clear();
    }
  }
}
