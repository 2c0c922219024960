package dev.eventcollector.testkit;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollector.Work;
import dev.eventcollector.UnitOfWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Numbers the units of work of one collector, and knows which are open. */
final class UnitTracker {

  private final AtomicInteger lastNumber = new AtomicInteger();
  private final Set<Label> open = new ConcurrentSkipListSet<>();
  private final ThreadLocal<@Nullable Label> current = new ThreadLocal<>();

  /**
   * A unit of work.
   *
   * @param implicit begun by an event on a thread without a unit
   * @param origin who opened it, and where
   * @param free itself, where it ends by itself and not with a block
   * @param bindings how many threads are bound to it
   */
  record Label(
      int number,
      boolean implicit,
      String origin,
      @Nullable UnitOfWork free,
      AtomicInteger bindings)
      implements Comparable<Label> {

    Label(int number, boolean implicit, String origin, @Nullable UnitOfWork free) {
      this(number, implicit, origin, free, new AtomicInteger());
    }

    private String described() {
      return "unit %d, opened by %s%s"
          .formatted(
              number,
              origin,
              free != null && free.hasEnded()
                  ? ", which has ended, but a thread is bound to it still"
                  : "");
    }

    @Override
    public int compareTo(Label other) {
      return Integer.compare(number, other.number);
    }
  }

  /** The number of the unit that the calling thread collects into. */
  int current() {
    Label label = current.get();
    if (label == null) {
      label = new Label(lastNumber.incrementAndGet(), true, "", null);
      current.set(label);
    }
    return label.number();
  }

  /** The calling thread has published or cleared. */
  void endImplicit() {
    Label label = current.get();
    if (label != null && label.implicit()) {
      current.remove();
    }
  }

  /**
   * As the collector does: joins a unit that is bound to the thread, else opens one.
   *
   * @param bound which was perhaps published, so that nothing can join it
   */
  <T, X extends Exception> Work<T, X> tracked(Work<T, X> work, Optional<UnitOfWork> bound) {
    @Nullable Label before = current.get();
    if (before != null && !before.implicit() && !bound.map(UnitOfWork::isPublished).orElse(false)) {
      return work;
    }
    Label label = newLabel(null);
    return () -> {
      open.add(label);
      current.set(label);
      try {
        return work.call();
      } finally {
        restore(before);
        open.remove(label);
      }
    };
  }

  /** A unit that is open until it is ended and no thread is bound to it. */
  UnitOfWork tracked(UnitOfWork unit) {
    Label label = newLabel(unit);
    open.add(label);
    return new TrackedUnitOfWork(unit, this, label);
  }

  /** The unit that is bound to the calling thread. */
  UnitOfWork trackedAsCurrent(UnitOfWork unit) {
    Label label = current.get();
    return label == null ? unit : new TrackedUnitOfWork(unit, this, label);
  }

  /** Makes this the unit of the calling thread; what it was before. */
  @Nullable Label enter(Label label) {
    @Nullable Label before = current.get();
    current.set(label);
    return before;
  }

  void restore(@Nullable Label before) {
    if (before == null) {
      current.remove();
    } else {
      current.set(before);
    }
  }

  /** Something has ended, or a thread is no longer bound. */
  void noteEnd(Label label) {
    if (label.free() != null && label.free().hasEnded() && label.bindings().get() == 0) {
      open.remove(label);
    }
  }

  /** Those that are open, and where they were opened. */
  List<String> open() {
    return open.stream().map(Label::described).toList();
  }

  private Label newLabel(@Nullable UnitOfWork free) {
    return new Label(lastNumber.incrementAndGet(), false, origin(), free);
  }

  private static String origin() {
    String place =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames
                        .filter(frame -> !isCollector(frame.getDeclaringClass()))
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse("an unknown place"));
    return "thread %s at %s".formatted(Thread.currentThread().getName(), place);
  }

  private static boolean isCollector(Class<?> type) {
    return type == UnitTracker.class || EventCollector.class.isAssignableFrom(type);
  }
}
