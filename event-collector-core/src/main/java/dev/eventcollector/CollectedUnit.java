package dev.eventcollector;

import java.lang.ref.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The unit of work of a {@link PublishingEventCollector}. */
final class CollectedUnit implements UnitOfWork {

  final EventBuffer buffer;
  private final CollectedUnits units;
  private final UnitKind kind;
  private final CollectedUnit outermost;
  private final Savepoint savepoint;
  private volatile @Nullable EventCollector replacement; // of the thread, for other threads
  private volatile @Nullable Stored stored;
  private volatile boolean inDoubt;
  volatile @Nullable Object watch; // of an outermost unit; owned by ForgottenUnits

  /** Events that are in a transaction. */
  record Stored(List<Event> events, EventStore.StoredUnit unit) {}

  /** Begins on the calling thread, and belongs to it alone unless it is free or shared. */
  CollectedUnit(CollectedUnits units, UnitKind kind) {
    this.units = units;
    this.kind = kind;
    this.outermost = this;
    this.savepoint = Savepoint.NONE;
    this.buffer = new EventBuffer(kind == UnitKind.FREE);
    if (kind == UnitKind.FREE) {
      replacement = EventCollectors.replacementOfThisThread();
    }
  }

  private CollectedUnit(CollectedUnit outer, UnitKind kind) {
    this.units = outer.units;
    this.kind = kind;
    this.outermost = outer.outermost;
    this.savepoint = new Savepoint(outer.savepoint);
    this.buffer = outer.buffer;
    this.replacement = outer.replacement;
  }

  /** A unit that collects into this one but can fail on its own; for a block, or by hand. */
  CollectedUnit nested(UnitKind kindOfNested) {
    CollectedUnit nested = new CollectedUnit(this, kindOfNested);
    units.listeners().nestedBegun(outermost, nested);
    return nested;
  }

  @Override
  public UnitOfWork nested() {
    share();
    return nested(UnitKind.FREE);
  }

  @Override
  public void keep() {
    requireFree();
    if (!isNested()) {
      throw new IllegalStateException("only a nested unit of work can be kept");
    }
    endAndKeep();
  }

  /** Like {@link #keep}, for the block that began the unit. */
  void endAndKeep() {
    if (savepoint.release()) {
      if (stored != null) {
        units.publishStored(stored);
      }
      units.listeners().nestedKept(outermost, this);
    }
  }

  boolean isNested() {
    return outermost != this;
  }

  boolean isImplicit() {
    return kind == UnitKind.IMPLICIT;
  }

  boolean belongsTo(CollectedUnits collector) {
    return units == collector;
  }

  CollectedUnit outermost() {
    return outermost;
  }

  /** Lets other threads collect into it. */
  void share() {
    buffer.share();
    if (replacement == null) {
      replacement = EventCollectors.replacementOfThisThread();
    }
  }

  /** Replaces the collector on the threads that this unit is bound to. */
  @Nullable EventCollector replacement() {
    return replacement;
  }

  void add(Event event) {
    buffer.add(event, savepoint);
  }

  /** Only units with events are watched, and no blocks, which end by themselves. */
  void hasCollected() {
    if (outermost.watch == null && outermost.kind != UnitKind.OF_BLOCK) {
      units.forgotten().watch(outermost);
    }
    Reference.reachabilityFence(outermost); // orders buffer writes before it is found abandoned
  }

  @Override
  public PublishReport publishSoFar() {
    if (savepoint.isRolledBack() || buffer.hasEnded()) {
      return PublishReport.nothing();
    }
    units.listeners().beforePublish(outermost);
    PublishReport report = units.publishChunk(buffer.takeAll(), false);
    units.listeners().published(outermost, report);
    return report;
  }

  /** The events in a transaction; null if the unit is not stored. */
  @Nullable Stored stored() {
    return stored;
  }

  /** Drops the events collected so far, in a nested unit only its own. Does not end the unit. */
  int dropCollected() {
    return units.drop(buffer.takeSince(savepoint.inForce()));
  }

  /** Like {@link #publish}, for the owner of the unit. */
  PublishReport endAndPublish() {
    return endAndPublish(false);
  }

  @Override
  public PublishReport publishLater() {
    requireOutermost();
    return endAndPublish(true);
  }

  private PublishReport endAndPublish(boolean later) {
    if (buffer.hasEnded()) {
      return PublishReport.nothing();
    }
    if (stored == null) {
      units.listeners().beforePublish(this);
    }
    return endAndPublishAtOnce(later);
  }

  /** The same, after the listeners were called. */
  PublishReport endAndPublishAtOnce(boolean later) {
    List<Event> events = end(true);
    if (events == null) {
      return PublishReport.nothing();
    }
    Stored inTransaction = stored;
    PublishReport report =
        inTransaction == null
            ? units.publishChunk(events, later)
            : units.publishStored(inTransaction);
    units.listeners().published(this, report);
    return report;
  }

  @Override
  public <X extends Exception> void store(EventStore.Storing<X> storing) throws X {
    if (!isNested()) {
      units.listeners().beforePublish(this);
    }
    List<Event> events = buffer.seal(savepoint);
    if (events.isEmpty()) {
      return;
    }
    boolean succeeded = false;
    try {
      stored = new Stored(events, storing.store(events));
      succeeded = true;
    } finally {
      if (!succeeded) {
        buffer.unseal(savepoint, events);
      }
    }
    units.stored(events);
  }

  @Override
  public void inDoubt() {
    requireOutermost();
    Stored inTransaction = stored;
    if (inTransaction == null) {
      throw new IllegalStateException("the unit of work is not stored, so nothing is in doubt");
    }
    inDoubt = true;
    if (end(true) != null) {
      inTransaction.unit().inDoubt();
      units.listeners().published(this, units.reportOfDoubt(inTransaction));
    }
  }

  /** Like {@link #clear}, for the owner of the unit. */
  int endAndClear() {
    List<Event> events = isNested() ? buffer.rollBack(savepoint) : end(false);
    if (events == null) {
      return 0;
    }
    units.drop(events);
    Stored inTransaction = stored;
    if (inTransaction != null) {
      inTransaction.unit().rolledBack();
      events = inTransaction.events();
    }
    if (isNested()) {
      units.listeners().nestedCleared(outermost, this, events);
    } else {
      units.listeners().cleared(this, events);
    }
    return events.size();
  }

  /** Ends the unit and returns its events; null if it had ended before. */
  @Nullable List<Event> end(boolean toBePublished) {
    List<Event> events = buffer.end(toBePublished);
    if (watch != null) {
      units.forgotten().unwatch(this);
    }
    return events;
  }

  @Override
  public Binding bind() {
    return units.bind(this);
  }

  @Override
  public List<Event> events() {
    Stored inTransaction = stored;
    return inTransaction != null && !hasEnded() ? inTransaction.events() : buffer.copy();
  }

  @Override
  public PublishReport publish() {
    requireOutermost();
    return endAndPublish();
  }

  @Override
  public int clear() {
    requireFree();
    return endAndClear();
  }

  @Override
  public State state() {
    if (savepoint.isRolledBack()) {
      return State.CLEARED;
    }
    if (!buffer.hasEnded()) {
      return buffer.isSealed() || savepoint.isStored() ? State.STORED : State.OPEN;
    }
    if (inDoubt) {
      return State.IN_DOUBT;
    }
    return buffer.isPublished() ? State.PUBLISHED : State.CLEARED;
  }

  /** Whether it is published and not an open nested unit. */
  boolean letsBlocksBeUnitsOfTheirOwn() {
    return buffer.isPublished() && savepoint.inForce() == Savepoint.NONE;
  }

  @Override
  public void close() {
    requireFree();
    endAndClear();
  }

  void requireOutermost() {
    requireFree();
    if (isNested()) {
      throw new IllegalStateException(
          "a nested unit of work is kept or cleared; only the outermost one is published");
    }
  }

  private void requireFree() {
    kind.requireEndByHand();
  }
}
