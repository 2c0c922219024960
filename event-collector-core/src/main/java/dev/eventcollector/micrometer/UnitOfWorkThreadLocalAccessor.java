package dev.eventcollector.micrometer;

import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import io.micrometer.context.ThreadLocalAccessor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets Micrometer's context propagation take the unit of work to other threads: for Reactor,
 * Spring's {@code @Async}, and other frameworks that use it.
 *
 * <pre>{@code
 * ContextRegistry.getInstance()
 *     .registerThreadLocalAccessor(new UnitOfWorkThreadLocalAccessor(events));
 * // and, where the collector does not live as long as the process:
 * ContextRegistry.getInstance().removeThreadLocalAccessor(events);
 * }</pre>
 *
 * <p>Register it at start-up, once for each collector: from then on each task that the framework
 * hands on within a unit belongs to that unit. An event that such a task enqueues after the unit
 * has ended is refused by {@link IllegalStateException}; a task that enqueues nothing may end at
 * any time. A context without a unit leaves the thread's own in place, so that events are not
 * collected where nobody would publish them. Remove the accessor when no such task runs any more:
 * Micrometer restores nothing through an accessor that is gone, and the task's unit stays bound to
 * its thread.
 *
 * <p>Needs {@code io.micrometer:context-propagation} 1.0.3 or later, which is an optional
 * dependency. Safe for use by many threads. Scopes must be closed on the thread that opened them,
 * in reverse order, as Micrometer does.
 */
public final class UnitOfWorkThreadLocalAccessor implements ThreadLocalAccessor<UnitOfWork> {

  private static final UnitOfWork.Binding NONE = () -> {};

  private final EventCollector collector;
  private final ThreadLocal<@Nullable Deque<UnitOfWork.Binding>> bindings = new ThreadLocal<>();

  /** For the units of work of this collector, which may be the thread's singleton. */
  public UnitOfWorkThreadLocalAccessor(EventCollector collector) {
    this.collector = Objects.requireNonNull(collector, "collector");
  }

  /**
   * The collector itself: under it a context, Reactor's for example, keeps the {@link UnitOfWork}.
   * So the units of several collectors are kept apart.
   */
  @Override
  public Object key() {
    return collector;
  }

  /** The unit that is bound to the calling thread; null where there is none, or no collector. */
  @Override
  public @Nullable UnitOfWork getValue() {
    try {
      return collector.unitsOfWork().current().orElse(null);
    } catch (IllegalStateException e) { // no collector is installed at the moment
      return null;
    }
  }

  /** Binds the unit to the calling thread until {@code restore}. */
  @Override
  public void setValue(UnitOfWork unit) {
    push(unit.bind());
  }

  /** Leaves the thread's unit in place until {@code restore}. */
  @Override
  public void setValue() {
    push(NONE);
  }

  private void push(UnitOfWork.Binding binding) {
    @Nullable Deque<UnitOfWork.Binding> ofThread = bindings.get();
    if (ofThread == null) {
      ofThread = new ArrayDeque<>();
      bindings.set(ofThread);
    }
    ofThread.push(binding);
  }

  /** Binds again what was bound before. */
  @Override
  public void restore(UnitOfWork previous) {
    restore();
  }

  /** Binds again what was bound before. */
  @Override
  public void restore() {
    @Nullable Deque<UnitOfWork.Binding> ofThread = bindings.get();
    if (ofThread == null) {
      return;
    }
    UnitOfWork.Binding last = ofThread.pop();
    if (ofThread.isEmpty()) {
      bindings.remove(); // nothing is left on a pooled thread
    }
    last.close();
  }
}
