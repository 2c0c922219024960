package dev.eventcollector;

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
 * Finds the units that nobody will ever publish or clear, because their thread, or whoever held
 * them, is gone: says so, and gives the room of their events back.
 */
final class AbandonedUnits {

  private static final Logger LOGGER = LoggerFactory.getLogger(AbandonedUnits.class);

  private static final int THREADS_NAMED = 5;

  private final ReferenceQueue<CollectedUnit> unreachable = new ReferenceQueue<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Consumer<List<Event>> drop;

  AbandonedUnits(Consumer<List<Event>> drop) {
    this.drop = drop;
  }

  /** Starts to watch a unit; the watch is to be given back when the unit ends. */
  Object watch(CollectedUnit unit) {
    Watch watch = new Watch(unit, unreachable);
    watches.add(watch);
    return watch;
  }

  /** Names of threads that have collected and neither published nor cleared yet. */
  String threads() {
    return watches.stream()
        .filter(watch -> !watch.buffer.isEmpty())
        .map(watch -> watch.buffer.toString())
        .distinct()
        .limit(THREADS_NAMED)
        .collect(Collectors.joining(", "));
  }

  int watched() {
    return watches.size();
  }

  void unwatch(Object watch) {
    watches.remove(watch);
  }

  /** Cheap when there are none. */
  void collect() {
    @Nullable Watch watch;
    while ((watch = (Watch) unreachable.poll()) != null) {
      watches.remove(watch);
      List<Event> events = watch.buffer.end(false);
      if (events != null && !events.isEmpty()) {
        LOGGER.warn(
            "{} event(s), the first for queue {}, were enqueued by {} but neither published nor"
                + " cleared; they are dropped",
            events.size(),
            events.get(0).queue(),
            watch.buffer);
        drop.accept(events);
      }
    }
  }

  private static final class Watch extends PhantomReference<CollectedUnit> {
    private final EventBuffer buffer;

    Watch(CollectedUnit unit, ReferenceQueue<CollectedUnit> unreachable) {
      super(unit, unreachable);
      buffer = unit.buffer;
    }
  }
}
