package dev.eventcollector;

import dev.eventcollector.CollectedUnit.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The units of work of a {@link PublishingEventCollector}. */
final class CollectedUnits implements UnitsOfWork {

  private static final Logger LOGGER = LoggerFactory.getLogger(UnitsOfWork.class);

  private final PendingLimit pending;
  private final Notifier notifier;
  private final Dispatcher dispatcher;
  private final UnitListeners listeners = new UnitListeners();
  private final AbandonedUnits abandonedUnits = new AbandonedUnits(this::drop);
  private final CurrentUnit current = new CurrentUnit(this::newUnitOfBlock);

  CollectedUnits(PendingLimit pending, Notifier notifier, Dispatcher dispatcher) {
    this.pending = pending;
    this.notifier = notifier;
    this.dispatcher = dispatcher;
  }

  /** Collects an event into the unit of the calling thread. */
  void collect(Event event, Object payload) {
    if (dispatcher.isClosed()) {
      throw new CollectorClosedException(
          "the event collector is closed, so nothing can be enqueued (event for queue "
              + event.queue()
              + ")");
    }
    takeRoomFor(event);
    CollectedUnit unit;
    try {
      unit = unitOfThisThread();
      unit.add(event);
    } catch (Throwable e) { // the unit has ended, or there is no memory
      pending.giveBack(event);
      throw e;
    }
    unit.hasCollected();
    notifier.enqueued(event);
    listeners.enqueued(unit.outermost(), event, payload);
  }

  private void takeRoomFor(Event event) {
    long size = event.sizeInMemory();
    if (pending.tryTake(size)) {
      return;
    }
    abandonedUnits.collect();
    if (!pending.tryTake(size)) {
      throw new TooManyPendingEventsException(
          "no room for an event of %d bytes for queue %s: %s (maxPendingEvents, maxPendingBytes); %s%s"
              .formatted(size, event.queue(), pending, dispatcher.describe(), byWhom()));
    }
  }

  /** Names the threads that have collected and neither published nor cleared; empty if none. */
  String byWhom() {
    String threads = abandonedUnits.threads();
    return threads.isEmpty() ? "" : ", outside of blocks by " + threads;
  }

  private CollectedUnit unitOfThisThread() {
    if (!current.isBound()) {
      abandonedUnits.collect(); // tells listeners, which may enqueue, too
    }
    CollectedUnit unit = current.get();
    if (unit == null) {
      unit = newUnit(Kind.IMPLICIT);
      current.setOwn(unit);
    }
    return unit;
  }

  private CollectedUnit newUnitOfBlock() {
    return newUnit(Kind.OF_BLOCK);
  }

  private CollectedUnit newUnit(Kind kind) {
    CollectedUnit unit = new CollectedUnit(this, kind);
    if (kind != Kind.IMPLICIT) {
      listeners.begun(unit);
    }
    return unit;
  }

  @Override
  public UnitOfWork begin() {
    abandonedUnits.collect();
    return newUnit(Kind.FREE);
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
    return new FrameBinding(current.push(null));
  }

  UnitOfWork.Binding bind(CollectedUnit unit) {
    FrameBinding binding = new FrameBinding(current.push(unit));
    listeners.bound(unit.outermost());
    return binding;
  }

  private final class FrameBinding implements UnitOfWork.Binding {
    private final Thread thread = Thread.currentThread();
    private final CurrentUnit.Frame frame;

    FrameBinding(CurrentUnit.Frame frame) {
      this.frame = frame;
    }

    @Override
    public void close() {
      if (Thread.currentThread() != thread) {
        throw new IllegalStateException(
            "a unit of work bound on thread %s cannot be unbound on thread %s"
                .formatted(thread.getName(), Thread.currentThread().getName()));
      }
      if (current.remove(frame)) {
        tellUnbound(frame);
      }
    }
  }

  private void tellUnbound(CurrentUnit.Frame frame) {
    CollectedUnit unit = frame.unit();
    if (unit != null) {
      listeners.unbound(unit.outermost());
    }
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    if (current.isFree()) {
      return callInOutermostBlock(work);
    }
    CollectedUnit outer = current.get();
    return outer == null || outer.isImplicit() || outer.letsBlocksBeUnitsOfTheirOwn()
        ? callApart(work)
        : callInside(outer, work);
  }

  private <T extends @Nullable Object, X extends Exception> T callInOutermostBlock(Work<T, X> work)
      throws X {
    current.begin();
    try {
      if (listeners.any()) {
        current.get(); // they want to know of units without events, too
      }
      T result = work.call();
      CollectedUnit unit = current.ofBlock();
      if (unit != null) {
        unit.endAndPublish();
      }
      return result;
    } finally {
      CollectedUnit unit = current.ofBlock();
      undo(current.end());
      if (unit != null) {
        unit.endAndClear(); // nothing, when it has been published
      }
    }
  }

  /** Where a unit is bound still that nothing can join any more, or the thread is suspended. */
  private <T extends @Nullable Object, X extends Exception> T callApart(Work<T, X> work) throws X {
    CollectedUnit unit = newUnitOfBlock();
    CurrentUnit.Frame frame = current.push(unit);
    try {
      T result = work.call();
      unit.endAndPublish();
      return result;
    } finally {
      undo(current.restoreBelow(frame));
      unit.endAndClear(); // nothing, when it has been published
    }
  }

  private <T extends @Nullable Object, X extends Exception> T callInside(
      CollectedUnit outer, Work<T, X> work) throws X {
    CollectedUnit nested = outer.nested(Kind.OF_BLOCK);
    CurrentUnit.Frame frame = current.push(nested);
    boolean succeeded = false;
    try {
      T result = work.call();
      succeeded = true;
      return result;
    } finally {
      undo(current.restoreBelow(frame));
      if (succeeded) {
        nested.endAndKeep();
      } else {
        nested.endAndClear();
      }
    }
  }

  private void undo(List<CurrentUnit.Frame> leftBehind) {
    if (!leftBehind.isEmpty()) {
      leftBehind.forEach(this::tellUnbound);
      LOGGER.warn(
          "A block on thread {} ended with {} binding(s) still open that were made inside it; they"
              + " are undone. Close each UnitOfWork.Binding on its thread, in reverse order.",
          Thread.currentThread().getName(),
          leftBehind.size());
    }
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
    listeners.beforePublish(unit); // may throw, and then nothing has happened
    current.setOwn(null);
    return unit.endAndPublishAtOnce();
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
    List<@Nullable List<Event>> ofUnits = new ArrayList<>(together.size());
    List<Event> chunk = new ArrayList<>();
    for (CollectedUnit unit : together) {
      List<Event> events = unit.end(true);
      ofUnits.add(events);
      if (events != null) {
        chunk.addAll(events);
      }
    }
    Fates fates = dispatcher.publish(chunk);
    List<PublishReport> reports = new ArrayList<>(together.size());
    int first = 0;
    for (int i = 0; i < together.size(); i++) {
      List<Event> events = ofUnits.get(i);
      int size = events == null ? 0 : events.size();
      PublishReport report = dispatcher.report(fates, first, first + size);
      first += size;
      reports.add(report);
      if (events != null) {
        listeners.published(together.get(i), report);
      }
    }
    return reports;
  }

  private CollectedUnit requireOwn(UnitOfWork unit) {
    if (!(unit instanceof CollectedUnit own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("a unit of work of another collector: " + unit);
    }
    own.requireOutermost();
    return own;
  }

  PublishReport publishChunk(List<Event> events) {
    Fates fates = dispatcher.publish(events);
    return dispatcher.report(fates, 0, events.size());
  }

  @Override
  public PublishReport await(PublishReport report, Duration timeout) {
    return dispatcher.await(report, timeout);
  }

  @Override
  public int withdraw(PublishReport report) {
    return dispatcher.withdraw(report);
  }

  @Override
  public Registration listen(UnitOfWorkListener listener) {
    return listeners.add(listener);
  }

  int drop(List<Event> events) {
    if (!events.isEmpty()) {
      pending.giveBack(events);
      notifier.cleared(events);
    }
    return events.size();
  }

  UnitListeners listeners() {
    return listeners;
  }

  AbandonedUnits abandonedUnits() {
    return abandonedUnits;
  }

  boolean isBoundToThisThread() {
    return current.isBound();
  }
}
