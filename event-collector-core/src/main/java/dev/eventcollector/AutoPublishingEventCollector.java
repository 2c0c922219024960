package dev.eventcollector;

import dev.eventcollector.UnitsOfWork.Action;
import dev.eventcollector.UnitsOfWork.Work;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Publishes without an explicit call.
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
   * work is open on the thread: then the unit decides.
   */
  public AutoPublishingEventCollector(EventCollector collector) {
    this.collector = Objects.requireNonNull(collector, "collector");
  }

  /**
   * Runs a unit of work on the {@linkplain EventCollector#threadSingletonInstance() thread's
   * collector}: publishes on success, clears on any exception, joins an open unit.
   *
   * @throws X the exception of the work
   */
  public static <X extends Exception> void run(Action<X> action) throws X {
    EventCollector.threadSingletonInstance().unitsOfWork().run(action);
  }

  /**
   * Like {@link #run(Action)}, with a result.
   *
   * @return the result of the work
   * @throws X the exception of the work
   */
  public static <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    return EventCollector.threadSingletonInstance().unitsOfWork().call(work);
  }

  /**
   * Like {@link #run(Action)}, on a collector that was injected.
   *
   * @throws X the exception of the work
   */
  public static <X extends Exception> void run(EventCollector collector, Action<X> action)
      throws X {
    collector.unitsOfWork().run(action);
  }

  /**
   * Like {@link #call(Work)}, on a collector that was injected.
   *
   * @return the result of the work
   * @throws X the exception of the work
   */
  public static <T extends @Nullable Object, X extends Exception> T call(
      EventCollector collector, Work<T, X> work) throws X {
    return collector.unitsOfWork().call(work);
  }

  /**
   * Enqueues the event. If no unit of work is open on the thread, publishes it with the events that
   * the thread collected before.
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
