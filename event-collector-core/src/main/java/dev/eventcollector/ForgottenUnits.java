package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds events that are never published. It drops the events of garbage units, whose thread or
 * holder is gone, and frees their room. It warns of events that a thread collected outside of units
 * long ago. Cheap if there are none.
 */
final class ForgottenUnits {

  private static final Logger LOGGER = LoggerFactory.getLogger(ForgottenUnits.class);

  private static final int THREADS_NAMED = 5;

  private final ReferenceQueue<CollectedUnit> unreachable = new ReferenceQueue<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Consumer<List<Event>> drop;
  private final long warnAfterNanos;
  private final Patrol patrol = new Patrol(this::look);

  ForgottenUnits(Consumer<List<Event>> drop, long warnAfterNanos) {
    this.drop = drop;
    this.warnAfterNanos = warnAfterNanos;
  }

  /** Watches a unit with events until it ends. Does nothing if it is watched already. */
  void watch(CollectedUnit unit) {
    synchronized (unit.buffer) {
      if (unit.watch == null) {
        Watch watch = new Watch(unit, unreachable);
        watches.add(watch);
        unit.watch = watch;
      }
    }
    if (unit.isImplicit()) {
      patrol.ensureRunning();
    }
    if (unit.buffer.hasEnded()) { // another thread may have done it before the watch
      unwatch(unit);
    }
  }

  /** For a unit that has ended. */
  void unwatch(CollectedUnit unit) {
    Object watch = unit.watch;
    if (watch != null) {
      watches.remove(watch);
    }
  }

  int watched() {
    return watches.size();
  }

  /** Names of threads with events that are neither published nor cleared yet. */
  String threads() {
    return watches.stream()
        .filter(watch -> !watch.buffer.isEmpty())
        .map(watch -> "thread " + watch.thread)
        .distinct()
        .limit(THREADS_NAMED)
        .collect(Collectors.joining(", "));
  }

  /** Drops the events of units that are garbage. */
  void collect() {
    @Nullable Watch watch;
    while ((watch = (Watch) unreachable.poll()) != null) {
      watches.remove(watch);
      List<Event> events = watch.buffer.end(false);
      if (events != null && !events.isEmpty()) {
        String thread = watch.thread;
        SafeLog.withoutThrowable(
            () ->
                LOGGER.warn(
                    "{} event(s), the first for queue {}, were enqueued by thread {} but neither published"
                        + " nor cleared; they are dropped",
                    events.size(),
                    events.get(0).queue(),
                    thread));
        drop.accept(events);
      }
    }
  }

  /** Warns of overdue events. Returns the nanoseconds until the next look; 0 if none is needed. */
  private long look() {
    collect();
    long now = System.nanoTime();
    long next = 0;
    for (Watch watch : watches) {
      if (watch.implicit) {
        long age = now - watch.since;
        if (age >= warnAfterNanos && !watch.told) {
          warnOf(watch);
          watch.told = true;
        }
        long wait = age < warnAfterNanos ? warnAfterNanos - age : warnAfterNanos;
        next = next == 0 ? wait : Math.min(next, wait);
      }
    }
    return next;
  }

  private void warnOf(Watch watch) {
    List<Event> events = watch.buffer.copy(); // fails if its thread adds one at this moment
    if (!events.isEmpty()) {
      SafeLog.withoutThrowable(
          () ->
              LOGGER.warn(
                  "{} event(s), the first for queue {}, were enqueued outside of a unit of work by"
                      + " thread {}, which has not published them. Call publish(), or enqueue in"
                      + " AutoPublishingEventCollector.run(...).",
                  events.size(),
                  events.get(0).queue(),
                  watch.thread));
    }
  }

  void close() {
    patrol.stop();
  }

  private static final class Watch extends PhantomReference<CollectedUnit> {
    private final EventBuffer buffer;
    private final String thread = Thread.currentThread().getName();
    private final boolean implicit;
    private final long since = System.nanoTime();
    private volatile boolean told;

    Watch(CollectedUnit unit, ReferenceQueue<CollectedUnit> unreachable) {
      super(unit, unreachable);
      buffer = unit.buffer;
      implicit = unit.isImplicit();
    }
  }
}
