package dev.eventcollector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The units of work of a {@link PublishingEventCollector}. */
final class CollectedUnits implements UnitsOfWork {

  private final Ledger ledger;
  private final Notifier notifier;
  private final Dispatcher dispatcher;
  private final OwedEvents owed;
  private final ForgottenUnits forgotten;
  private volatile @Nullable StoreHost store; // set before the collector can be used
  private final UnitListeners listeners = new UnitListeners();
  private final CurrentUnit current = new CurrentUnit(() -> newUnit(UnitKind.OF_BLOCK));
  private final Blocks blocks = new Blocks(this, current, listeners);

  CollectedUnits(
      Ledger ledger,
      Notifier notifier,
      Dispatcher dispatcher,
      OwedEvents owed,
      long warnOfUnpublishedAfterNanos) {
    this.ledger = ledger;
    this.notifier = notifier;
    this.dispatcher = dispatcher;
    this.owed = owed;
    this.forgotten = new ForgottenUnits(this::drop, warnOfUnpublishedAfterNanos);
  }

  /** Collects an event into the unit of the calling thread. */
  void collect(Event event, Object payload) {
    if (owed.isDraining()) {
      throw new CollectorClosedException(
          "the event collector is closed, so nothing can be enqueued (event for queue "
              + event.queue()
              + ")");
    }
    SoleCollector.check(this, event);
    if (listeners.any() && isOutsideOfUnits()) {
      listeners.beforeEnqueuedOutside(event);
    }
    reserveRoomFor(event);
    CollectedUnit unit;
    try {
      unit = unitOfThisThread();
      unit.add(event);
    } catch (Throwable e) { // the unit has ended, or there is no memory
      ledger.cancelReservation(event);
      throw e;
    }
    unit.hasCollected();
    ledger.enqueued();
    notifier.enqueued(event);
    listeners.enqueued(unit.outermost(), event, payload);
  }

  private boolean isOutsideOfUnits() {
    CollectedUnit unit = current.get();
    return unit == null || unit.isImplicit();
  }

  private void reserveRoomFor(Event event) {
    if (ledger.tryReserve(event)) {
      return;
    }
    forgotten.collect();
    if (!ledger.tryReserve(event)) {
      throw new TooManyPendingEventsException(
          String.format(
              Locale.ROOT,
              "no room for an event of %d bytes for queue %s: %s (maxPendingEvents, maxPendingBytes); %s%s",
              event.sizeInMemory(),
              event.queue(),
              ledger,
              owed.describe(),
              byWhom()));
    }
  }

  /** Names the threads with events that are neither published nor cleared; empty if none. */
  String byWhom() {
    String threads = forgotten.threads();
    return threads.isEmpty() ? "" : ", neither published nor cleared by " + threads;
  }

  private CollectedUnit unitOfThisThread() {
    if (!current.isBound()) {
      forgotten.collect(); // calls listeners, which may enqueue
    }
    CollectedUnit unit = current.get();
    if (unit == null) {
      unit = newUnit(UnitKind.IMPLICIT);
      current.setOwn(unit);
    }
    return unit;
  }

  CollectedUnit newUnit(UnitKind kind) {
    CollectedUnit unit = new CollectedUnit(this, kind);
    if (kind != UnitKind.IMPLICIT) {
      listeners.begun(unit);
    }
    return unit;
  }

  @Override
  public UnitOfWork begin() {
    forgotten.collect();
    return newUnit(UnitKind.FREE);
  }

  @Override
  public Optional<UnitOfWork> current() {
    CollectedUnit unit = current.get();
    if (unit == null || unit.isImplicit()) {
      return Optional.empty();
    }
    unit.share();
    return Optional.of(unit);
  }

  @Override
  public UnitOfWork.Binding suspend() {
    return new ThreadBinding(current, current.push(null), listeners);
  }

  UnitOfWork.Binding bind(CollectedUnit unit) {
    UnitOfWork.Binding binding = new ThreadBinding(current, current.push(unit), listeners);
    listeners.bound(unit.outermost());
    return binding;
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    return blocks.call(work);
  }

  @Override
  public List<Event> eventsOfCurrent() {
    CollectedUnit unit = current.ifMade();
    return unit == null ? List.of() : unit.events();
  }

  @Override
  public PublishReport publishCurrent() {
    CollectedUnit unit = current.ifMade();
    if (unit == null) {
      return PublishReport.nothing();
    }
    if (!unit.isImplicit()) {
      return unit.publishSoFar();
    }
    listeners.beforePublish(unit); // may throw; nothing has changed by then
    current.setOwn(null);
    return unit.endAndPublishAtOnce(false);
  }

  @Override
  public int clearCurrent() {
    CollectedUnit unit = current.ifMade();
    if (unit == null) {
      return 0;
    }
    if (!unit.isImplicit()) {
      return unit.dropCollected();
    }
    current.setOwn(null);
    return unit.endAndClear();
  }

  @Override
  public List<PublishReport> publish(List<UnitOfWork> units) {
    List<CollectedUnit> together = new ArrayList<>(units.size());
    for (UnitOfWork unit : units) {
      together.add(requireOwn(unit));
    }
    for (CollectedUnit unit : together) {
      if (!unit.hasEnded()) {
        listeners.beforePublish(unit);
      }
    }
    return new UnitsTogether(this, together).publish();
  }

  private CollectedUnit requireOwn(UnitOfWork unit) {
    if (!(unit instanceof CollectedUnit own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("a unit of work of another collector: " + unit);
    }
    own.requireOutermost();
    return own;
  }

  PublishReport publishChunk(List<Event> events, boolean later) {
    ChunkResult result = later ? dispatcher.publishLater(events) : dispatch(events);
    return result.report(0, events.size());
  }

  ChunkResult dispatch(List<Event> chunk) {
    StoreHost host = store;
    return host == null ? dispatcher.publish(chunk) : host.publish(chunk);
  }

  /** Stores even events that are collected outside of transactions. */
  void storeIn(StoreHost host) {
    store = host;
  }

  private StoreHost requireStore() {
    StoreHost host = store;
    if (host == null) {
      throw new IllegalStateException("the event collector was built without an outbox");
    }
    return host;
  }

  void stored(List<Event> events) {
    requireStore().stored(events);
  }

  PublishReport publishStored(CollectedUnit.Stored stored) {
    return requireStore().committed(stored.events(), stored.unit()).report();
  }

  PublishReport reportOfDoubt(CollectedUnit.Stored stored) {
    return new StoredFates(stored.events(), EventStore.StoredUnit.Progress.IN_DOUBT).report();
  }

  @Override
  public <X extends Exception> void storeCurrent(EventStore.Storing<X> storing) throws X {
    requireStore();
    CollectedUnit unit = current.ifMade();
    if (unit == null) {
      return;
    }
    unit.store(storing);
    if (unit.isImplicit()) {
      current.setOwn(null);
      unit.endAndPublish();
    }
  }

  @Override
  public PublishReport await(PublishReport report, Duration timeout) {
    owed.await(report, timeout);
    return Fates.now(report);
  }

  @Override
  public int withdraw(PublishReport report) {
    return owed.withdraw(report);
  }

  @Override
  public Registration listen(UnitOfWorkListener listener) {
    return listeners.add(listener);
  }

  int drop(List<Event> events) {
    if (!events.isEmpty()) {
      ledger.cleared(events);
      notifier.cleared(events);
    }
    return events.size();
  }

  UnitListeners listeners() {
    return listeners;
  }

  ForgottenUnits forgotten() {
    return forgotten;
  }

  boolean isBoundToThisThread() {
    return current.isBound();
  }
}
