package dev.eventcollector;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The only collector that a thread may enqueue into, while it does work that is not done again
 * after its commit. An event that another collector has would be lost by a crash after that.
 */
final class SoleCollector {

  private static final ThreadLocal<@Nullable CollectedUnits> OF_THREAD = new ThreadLocal<>();
  private static volatile boolean everUsed; // so that it costs nothing where nobody uses it

  private SoleCollector() {}

  /** Begins such work on the calling thread, which has to close the result. */
  static UnitOfWork.Binding begin(CollectedUnits units) {
    everUsed = true;
    CollectedUnits before = OF_THREAD.get();
    OF_THREAD.set(units);
    return () -> {
      if (before == null) {
        OF_THREAD.remove();
      } else {
        OF_THREAD.set(before);
      }
    };
  }

  /** Refuses an event that the calling thread is about to enqueue into another collector. */
  static void check(CollectedUnits units, Event event) {
    if (!everUsed) {
      return;
    }
    CollectedUnits sole = OF_THREAD.get();
    if (sole != null && sole != units) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "an event for queue %s is enqueued within inTransactionOnce of an outbox, but into a"
                  + " collector without this outbox: it is not stored with the work, and a crash"
                  + " after the commit loses it, as the work is not done again. Use the collector"
                  + " that was built with outbox(...), for the worker too, or enqueue it after"
                  + " inTransactionOnce",
              event.queue()));
    }
  }
}
