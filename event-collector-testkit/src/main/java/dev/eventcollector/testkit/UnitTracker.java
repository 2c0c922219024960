package dev.eventcollector.testkit;

import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitOfWorkListener;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Numbers the units of work of one collector, and knows which are open. */
final class UnitTracker implements UnitOfWorkListener {

  private final EventLog log;
  private final AtomicInteger lastNumber = new AtomicInteger();
  private final Map<UnitOfWork, Integer> numbers = Collections.synchronizedMap(new WeakHashMap<>());
  private final Map<UnitOfWork, Open> open = new ConcurrentHashMap<>();

  UnitTracker(EventLog log) {
    this.log = log;
  }

  /** A unit that has not ended, or is still bound to threads. */
  private record Open(int number, String origin, AtomicInteger bindings) {}

  private int numberOf(UnitOfWork unit) {
    return numbers.computeIfAbsent(unit, any -> lastNumber.incrementAndGet());
  }

  /** The open units, and the places where they were opened. */
  List<String> open() {
    return open.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getValue().number()))
        .map(entry -> described(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String described(UnitOfWork unit, Open opened) {
    return String.format(
        Locale.ROOT,
        "unit %d, opened by %s%s",
        opened.number(),
        opened.origin(),
        unit.hasEnded() ? ", which has ended, but a thread is bound to it still" : "");
  }

  @Override
  public void onBegun(UnitOfWork unit) {
    open.put(unit, new Open(numberOf(unit), origin(), new AtomicInteger()));
  }

  @Override
  public void onEnqueued(UnitOfWork unit, Event event, Object payload) {
    log.enqueued(event, payload, numberOf(unit));
  }

  @Override
  public void onPublished(UnitOfWork unit, PublishReport report) {
    forgetIfOver(unit);
  }

  @Override
  public void onCleared(UnitOfWork unit, List<Event> events) {
    forgetIfOver(unit);
  }

  @Override
  public void onBound(UnitOfWork unit) {
    Open opened =
        open.computeIfAbsent(unit, u -> new Open(numberOf(u), origin(), new AtomicInteger()));
    opened.bindings().incrementAndGet();
  }

  @Override
  public void onUnbound(UnitOfWork unit) {
    Open opened = open.get(unit);
    if (opened != null) {
      opened.bindings().decrementAndGet();
      forgetIfOver(unit);
    }
  }

  private void forgetIfOver(UnitOfWork unit) {
    Open opened = open.get(unit);
    if (opened != null && unit.hasEnded() && opened.bindings().get() == 0) {
      open.remove(unit);
    }
  }

  private static String origin() {
    String place =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames
                        .filter(frame -> !isOurs(frame.getDeclaringClass()))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse("an unknown place"));
    return String.format(Locale.ROOT, "thread %s at %s", Thread.currentThread().getName(), place);
  }

  private static boolean isOurs(Class<?> type) {
    return type == UnitTracker.class
        || type.getPackage() == EventCollector.class.getPackage()
        || EventCollector.class.isAssignableFrom(type);
  }
}
