package dev.eventcollector;

import dev.eventcollector.internal.SafeLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a collector's units. Costs nothing if there are none. */
final class UnitListeners {

  private static final Logger LOGGER = LoggerFactory.getLogger(UnitListeners.class);

  private static final UnitOfWorkListener[] NONE = {};

  private volatile UnitOfWorkListener[] listeners = NONE;

  synchronized UnitsOfWork.Registration add(UnitOfWorkListener listener) {
    UnitOfWorkListener[] more = Arrays.copyOf(listeners, listeners.length + 1);
    more[more.length - 1] = Objects.requireNonNull(listener, "listener");
    listeners = more;
    AtomicBoolean registered = new AtomicBoolean(true);
    return () -> {
      if (registered.getAndSet(false)) {
        remove(listener);
      }
    };
  }

  private synchronized void remove(UnitOfWorkListener listener) {
    List<UnitOfWorkListener> fewer = new ArrayList<>(List.of(listeners));
    fewer.remove(listener);
    listeners = fewer.toArray(NONE);
  }

  boolean any() {
    return listeners.length > 0;
  }

  void begun(CollectedUnit unit) {
    if (any()) {
      tell(listener -> listener.onBegun(unit));
    }
  }

  void enqueued(CollectedUnit unit, Event event, Object payload) {
    if (any()) {
      tell(listener -> listener.onEnqueued(unit, event, payload));
    }
  }

  /** This method and the next pass on the listeners' exceptions. */
  void beforeEnqueuedOutside(Event event) {
    for (UnitOfWorkListener listener : listeners) {
      listener.beforeEnqueuedOutside(event);
    }
  }

  void beforePublish(CollectedUnit unit) {
    for (UnitOfWorkListener listener : listeners) {
      listener.beforePublish(unit);
    }
  }

  void published(CollectedUnit unit, PublishReport report) {
    if (any()) {
      tell(listener -> listener.onPublished(unit, report));
    }
  }

  void cleared(CollectedUnit unit, List<Event> events) {
    if (any()) {
      tell(listener -> listener.onCleared(unit, events));
    }
  }

  void nestedBegun(CollectedUnit unit, CollectedUnit nested) {
    if (any()) {
      tell(listener -> listener.onNestedBegun(unit, nested));
    }
  }

  void nestedKept(CollectedUnit unit, CollectedUnit nested) {
    if (any()) {
      tell(listener -> listener.onNestedKept(unit, nested));
    }
  }

  void nestedCleared(CollectedUnit unit, CollectedUnit nested, List<Event> events) {
    if (any()) {
      tell(listener -> listener.onNestedCleared(unit, nested, events));
    }
  }

  void bound(CollectedUnit unit) {
    if (any()) {
      tell(listener -> listener.onBound(unit));
    }
  }

  private void unbound(CollectedUnit unit) {
    if (any()) {
      tell(listener -> listener.onUnbound(unit));
    }
  }

  void unboundFrom(CurrentUnit.Frame frame) {
    CollectedUnit unit = frame.unit();
    if (unit != null) {
      unbound(unit.outermost());
    }
  }

  private void tell(Consumer<UnitOfWorkListener> what) {
    for (UnitOfWorkListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (Throwable e) { // even errors: a listener must not change how the unit ends
        SafeLog.warn(LOGGER, "A listener of class " + listener.getClass().getName() + " failed", e);
      }
    }
  }
}
