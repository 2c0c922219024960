package dev.eventcollector;

import dev.eventcollector.UnitsOfWork.Action;
import dev.eventcollector.UnitsOfWork.Work;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  /**
   * Wraps a collector so that each event is published as soon as it is enqueued, unless a unit of
   * work is open on the thread: the unit decides then.
   */
  public AutoPublishingEventCollector(EventCollector collector) {
    this.collector = Objects.requireNonNull(collector, "collector");
  }

  /**
   * Does a unit of work on the {@linkplain EventCollector#threadSingletonInstance() thread's
   * collector}: publishes on success, clears on any exception, joins a unit that is open.
   *
   * @throws X what the work throws
   */
  public static <X extends Exception> void run(Action<X> action) throws X {
    EventCollector.threadSingletonInstance().unitsOfWork().run(action);
  }

  /**
   * As {@link #run(Action)}, with a result.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  public static <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    return EventCollector.threadSingletonInstance().unitsOfWork().call(work);
  }

  /**
   * As {@link #run(Action)}, on a collector that was injected.
   *
   * @throws X what the work throws
   */
  public static <X extends Exception> void run(EventCollector collector, Action<X> action)
      throws X {
    collector.unitsOfWork().run(action);
  }

  /**
   * As {@link #call(Work)}, on a collector that was injected.
   *
   * @return what the work returns
   * @throws X what the work throws
   */
  public static <T extends @Nullable Object, X extends Exception> T call(
      EventCollector collector, Work<T, X> work) throws X {
    return collector.unitsOfWork().call(work);
  }

  /**
   * Enqueues the event. Where no unit of work is open on the thread, publishes it, together with
   * what the thread has collected before.
   */
  @Override
  public String enqueueEvent(Object payload, String queue, EventOptions options) {
    String id = collector.enqueueEvent(payload, queue, options);
    if (collector.unitsOfWork().current().isEmpty()) {
      collector.publish();
    }
    return id;
  }

  @Override
  public UnitsOfWork unitsOfWork() {
    return collector.unitsOfWork();
  }
}
