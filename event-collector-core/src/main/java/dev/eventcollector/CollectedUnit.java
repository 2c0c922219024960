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
  private final CollectedUnit outermost;
  private final Savepoint savepoint;
  private volatile @Nullable Object watch; // of the outermost; written under the lock

  /** Begins on the calling thread, and belongs to it alone unless it is free or shared. */
  CollectedUnit(PublishingEventCollector collector, Kind kind) {
    this.collector = collector;
    this.kind = kind;
    this.outermost = this;
    this.savepoint = Savepoint.NONE;
    this.buffer = new EventBuffer(Thread.currentThread().getName(), kind == Kind.FREE);
  }

  private CollectedUnit(CollectedUnit outer) {
    this.collector = outer.collector;
    this.kind = Kind.OF_BLOCK;
    this.outermost = outer.outermost;
    this.savepoint = new Savepoint(outer.savepoint);
    this.buffer = outer.buffer;
  }

  /** A unit that collects into this one, but fails by itself. */
  CollectedUnit nested() {
    return new CollectedUnit(this);
  }

  /** Ends a nested unit whose events belong to what is around it now. */
  void release() {
    savepoint.release();
  }

  /** Ends a nested unit that has failed. */
  void rollBack() {
    collector.drop(buffer.rollBack(savepoint));
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
    if (outermost.kind != Kind.OF_BLOCK && outermost.watch == null) {
      outermost.startWatch();
    }
    Reference.reachabilityFence(outermost); // orders the buffer before who finds it abandoned
  }

  private synchronized void startWatch() {
    if (watch == null) {
      watch = collector.abandonedUnits().watch(this);
    }
    if (buffer.hasEnded()) {
      endWatch();
    }
  }

  private synchronized void endWatch() {
    if (watch != null) {
      collector.abandonedUnits().unwatch(watch);
      watch = null;
    }
  }

  /** Publishes what is collected up to now, also around a nested unit; nothing ends. */
  PublishReport publishCollected() {
    return savepoint.isRolledBack()
        ? PublishReport.nothing()
        : collector.dispatch(buffer.takeAll());
  }

  /** Drops what is collected up to now, in a nested unit what is collected inside; nothing ends. */
  int dropCollected() {
    return collector.drop(buffer.takeSince(savepoint.inForce()));
  }

  /** As {@link #publish}, for whoever began the unit. */
  PublishReport endAndPublish() {
    return collector.dispatch(end(true));
  }

  /** As {@link #clear}, for whoever began the unit. */
  int endAndClear() {
    return collector.drop(end(false));
  }

  private List<Event> end(boolean toBePublished) {
    List<Event> events = buffer.end(toBePublished);
    if (watch != null) {
      endWatch();
    }
    return events;
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
    requireFree();
    return endAndPublish();
  }

  @Override
  public int clear() {
    requireFree();
    return endAndClear();
  }

  @Override
  public boolean hasEnded() {
    return buffer.hasEnded() || savepoint.isRolledBack();
  }

  /** Not while it is a nested one that has not ended well, or not at all. */
  @Override
  public boolean isPublished() {
    return buffer.isPublished() && savepoint.inForce() == Savepoint.NONE;
  }

  @Override
  public void close() {
    requireFree();
    if (!buffer.hasEnded()) {
      endAndClear();
    }
  }

  private void requireFree() {
    if (kind != Kind.FREE) {
      throw new IllegalStateException(
          "this unit of work ends with the block that began it, and not before");
    }
  }
}
