package dev.eventcollector;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Publishes without being asked to.
 *
 * <pre>{@code
 * AutoPublishingEventCollector.run(() -> placeOrder(42));        // after the block has succeeded
 * Order o = AutoPublishingEventCollector.call(() -> placeOrder(42));
 *
 * var events = new AutoPublishingEventCollector(collector);      // after every enqueue
 * events.enqueueEvent("hello", "greetings");
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public final class AutoPublishingEventCollector implements EventCollector {

  private final EventCollector collector;

  /** Wraps a collector so that every event is published as soon as it is enqueued. */
  public AutoPublishingEventCollector(EventCollector collector) {
    this.collector = Objects.requireNonNull(collector, "collector");
  }

  /** Work without a result. */
  @FunctionalInterface
  public interface Action<X extends Exception> {
    /** Does it. */
    void run() throws X;
  }

  /**
   * Does a unit of work on the {@linkplain EventCollector#threadSingletonInstance() thread's
   * collector}: publishes on success, clears on any exception, joins a unit that is open.
   *
   * @throws X what the work throws
   */
  public static <X extends Exception> void run(Action<X> action) throws X {
    run(EventCollector.threadSingletonInstance(), action);
  }

  /**
   * As {@link #run(Action)}, with a result.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  public static <T, X extends Exception> T call(Work<T, X> work) throws X {
    return call(EventCollector.threadSingletonInstance(), work);
  }

  /**
   * As {@link #run(Action)}, on a collector that was injected.
   *
   * @throws X what the work throws
   */
  public static <X extends Exception> void run(EventCollector collector, Action<X> action)
      throws X {
    collector.<Boolean, X>callInUnitOfWork(
        () -> {
          action.run();
          return Boolean.TRUE;
        });
  }

  /**
   * As {@link #call(Work)}, on a collector that was injected.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  public static <T, X extends Exception> T call(EventCollector collector, Work<T, X> work)
      throws X {
    return collector.callInUnitOfWork(work);
  }

  /** Enqueues the event and publishes it, together with what was collected before it. */
  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    String id = collector.enqueueEvent(payload, queue, options);
    collector.publish();
    return id;
  }

  @Override
  public List<Event> eventsToPublish() {
    return collector.eventsToPublish();
  }

  @Override
  public PublishReport publish() {
    return collector.publish();
  }

  @Override
  public int clearEventsToPublish() {
    return collector.clearEventsToPublish();
  }

  @Override
  public int withdraw(PublishReport report) {
    return collector.withdraw(report);
  }

  @Override
  public <T, X extends Exception> T callInUnitOfWork(Work<T, X> work) throws X {
    return collector.callInUnitOfWork(work);
  }

  @Override
  public UnitOfWork newUnitOfWork() {
    return collector.newUnitOfWork();
  }

  @Override
  public Optional<UnitOfWork> currentUnitOfWork() {
    return collector.currentUnitOfWork();
  }

  @Override
  public <T, X extends Exception> Work<T, X> inThisUnitOfWork(Work<T, X> work) {
    return collector.inThisUnitOfWork(work);
  }
}
