package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real collector: encodes and checks events as they are enqueued, publishes them chunk by
 * chunk, and keeps what was not confirmed in a bounded backlog from which a background thread
 * retries.
 *
 * <pre>{@code
 * var collector = PublishingEventCollector.builder(publisher)
 *     .encoder(PayloadEncoder.json(objectMapper::writeValueAsBytes))
 *     .publishTimeout(Duration.ofSeconds(5))
 *     .build();
 * }</pre>
 *
 * <p>Safe for use by many threads. What is pending lives in memory and ends with the process.
 */
public final class PublishingEventCollector implements EventCollector, AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(PublishingEventCollector.class);

  private final CollectorSettings settings;
  private final EventIds ids = new EventIds();
  private final PendingLimit pending;
  private final Notifier notifier;
  private final Dispatcher dispatcher;
  private final AbandonedUnits abandonedUnits;
  private final CurrentUnit current = new CurrentUnit();

  PublishingEventCollector(CollectorSettings settings) {
    this.settings = settings;
    this.pending = new PendingLimit(settings.maxPendingEvents(), settings.maxPendingBytes());
    this.notifier = new Notifier(settings.listeners(), settings.undeliverableHandler());
    this.dispatcher = new Dispatcher(settings, pending, notifier);
    this.abandonedUnits = new AbandonedUnits(this::drop);
  }

  /** Starts to configure a collector for this publisher, which it will own and close. */
  public static PublishingEventCollectorBuilder builder(EventPublisher publisher) {
    return new PublishingEventCollectorBuilder(publisher);
  }

  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    Event event = encode(payload, queue, options);
    if (dispatcher.isClosed()) {
      throw new IllegalStateException(
          "the event collector is closed, so nothing can be enqueued (event for queue "
              + queue
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
    return event.id();
  }

  private Event encode(Object payload, String queue, EventOptions options) {
    if (payload == null) {
      throw new InvalidEventException("the payload for queue " + queue + " is null");
    }
    PayloadEncoder.Encoded encoded;
    try {
      encoded = settings.encoder().encode(payload);
    } catch (Exception e) {
      throw new InvalidEventException(
          "a payload of type %s for queue %s cannot be encoded: %s"
              .formatted(payload.getClass().getName(), queue, e.getMessage()),
          e);
    }
    if (encoded.body().length > settings.maxEventBytes()) {
      throw new InvalidEventException(
          "a payload of type %s for queue %s has %d bytes, but at most %d are allowed (maxEventBytes)"
              .formatted(
                  payload.getClass().getName(),
                  queue,
                  encoded.body().length,
                  settings.maxEventBytes()));
    }
    Event event =
        new Event(
            options.id() == null ? ids.next() : options.id(),
            queue,
            encoded.body(),
            options.contentType() == null ? encoded.contentType() : options.contentType(),
            options.headers());
    settings.publisher().validate(event);
    return event;
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

  private String byWhom() {
    String threads = abandonedUnits.threads();
    return threads.isEmpty() ? "" : ", outside of blocks by " + threads;
  }

  private CollectedUnit unitOfThisThread() {
    if (!current.isBound()) {
      abandonedUnits.collect(); // tells listeners, which may enqueue, too
    }
    CollectedUnit unit = current.get(this::newUnitOfBlock);
    if (unit == null) {
      unit = new CollectedUnit(this, CollectedUnit.Kind.IMPLICIT);
      current.setImplicit(unit);
    }
    return unit;
  }

  private CollectedUnit newUnitOfBlock() {
    return new CollectedUnit(this, CollectedUnit.Kind.OF_BLOCK);
  }

  @Override
  public List<Event> eventsToPublish() {
    CollectedUnit unit = current.ifMade();
    return unit == null ? List.of() : unit.eventsToPublish();
  }

  @Override
  public PublishReport publish() {
    CollectedUnit unit = current.ifMade();
    if (unit == null) {
      return PublishReport.nothing();
    }
    if (unit.isImplicit()) {
      current.setImplicit(null);
      return unit.endAndPublish();
    }
    return unit.publishCollected();
  }

  @Override
  public int clearEventsToPublish() {
    CollectedUnit unit = current.ifMade();
    if (unit == null) {
      return 0;
    }
    if (unit.isImplicit()) {
      current.setImplicit(null);
      return unit.endAndClear();
    }
    return unit.dropCollected();
  }

  @Override
  public int withdraw(PublishReport report) {
    return dispatcher.withdraw(report);
  }

  @Override
  public <T, X extends Exception> T callInUnitOfWork(Work<T, X> work) throws X {
    CollectedUnit outer = current.get(this::newUnitOfBlock);
    if (outer == null || outer.isImplicit()) {
      return callInNewUnit(work);
    }
    return outer.isPublished() ? callApart(work) : callInside(outer, work);
  }

  private <T, X extends Exception> T callInNewUnit(Work<T, X> work) throws X {
    current.begin();
    try {
      T result = work.call();
      CollectedUnit unit = current.ofBlock();
      if (unit != null) {
        unit.endAndPublish();
      }
      return result;
    } finally {
      CollectedUnit unit = current.end();
      if (unit != null) {
        unit.endAndClear(); // nothing, when it has been published
      }
    }
  }

  /** Where a unit is bound still that nothing can join any more. */
  private <T, X extends Exception> T callApart(Work<T, X> work) throws X {
    CollectedUnit unit = newUnitOfBlock();
    CurrentUnit.Frame frame = current.push(unit);
    try {
      T result = work.call();
      unit.endAndPublish();
      return result;
    } finally {
      current.remove(frame);
      unit.endAndClear(); // nothing, when it has been published
    }
  }

  private <T, X extends Exception> T callInside(CollectedUnit outer, Work<T, X> work) throws X {
    CollectedUnit nested = outer.nested();
    CurrentUnit.Frame frame = current.push(nested);
    boolean succeeded = false;
    try {
      T result = work.call();
      succeeded = true;
      return result;
    } finally {
      current.remove(frame);
      if (succeeded) {
        nested.release();
      } else {
        nested.rollBack();
      }
    }
  }

  @Override
  public UnitOfWork newUnitOfWork() {
    abandonedUnits.collect();
    return new CollectedUnit(this, CollectedUnit.Kind.FREE);
  }

  @Override
  public Optional<UnitOfWork> currentUnitOfWork() {
    CollectedUnit unit = current.get(this::newUnitOfBlock);
    if (unit == null || unit.isImplicit()) {
      return Optional.empty();
    }
    unit.share();
    return Optional.of(unit);
  }

  UnitOfWork.Binding bind(CollectedUnit unit) {
    current.get(this::newUnitOfBlock);
    CurrentUnit.Frame frame = current.push(unit);
    Thread thread = Thread.currentThread();
    AtomicBoolean open = new AtomicBoolean(true);
    return () -> {
      if (Thread.currentThread() != thread) {
        throw new IllegalStateException(
            "a unit of work bound on thread %s cannot be unbound on thread %s"
                .formatted(thread.getName(), Thread.currentThread().getName()));
      }
      if (open.getAndSet(false)) {
        current.remove(frame);
      }
    };
  }

  PublishReport dispatch(List<Event> events) {
    return dispatcher.publish(events);
  }

  int drop(List<Event> events) {
    if (!events.isEmpty()) {
      pending.giveBack(events);
      notifier.cleared(events);
    }
    return events.size();
  }

  boolean isBoundToThisThread() {
    return current.isBound();
  }

  AbandonedUnits abandonedUnits() {
    return abandonedUnits;
  }

  /** Counters and gauges, now. */
  public CollectorState state() {
    abandonedUnits.collect();
    return dispatcher.state();
  }

  /** {@link #close(Duration)} with the configured drain timeout. */
  @Override
  public void close() {
    close(settings.drainTimeout());
  }

  /**
   * Takes no more events, goes on publishing what is owed until the backlog is empty or the time is
   * over, hands the rest to the {@link UndeliverableHandler}, and closes the publisher. Units that
   * are still open may be published meanwhile; after it their events are undeliverable at once.
   * Closing again does nothing.
   *
   * @return how many events were left and handed over
   */
  public int close(Duration drainTimeout) {
    EventCollectors.uninstall(this);
    boolean first = !dispatcher.isClosed();
    int left = dispatcher.close(drainTimeout);
    abandonedUnits.collect();
    if (first && !byWhom().isEmpty()) {
      LOGGER.warn(
          "closed while events are collected that were neither published nor cleared; {}{}",
          dispatcher.describe(),
          byWhom());
    }
    return left;
  }

  @Override
  public String toString() {
    return "PublishingEventCollector[" + settings.publisher() + ", " + pending + "]";
  }
}
