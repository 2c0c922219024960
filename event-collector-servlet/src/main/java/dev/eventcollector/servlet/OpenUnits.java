package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the unit of a request. The unit is not an attribute of the container's request, because the
 * application's attribute listeners would see it.
 */
final class OpenUnits {

  /** A {@link UnitRequest} returns its unit for it, through wrappers and proxies around it. */
  private static final String ATTRIBUTE = RequestUnit.class.getName();

  /** The innermost pass of each thread, for requests that were taken out of their wrapper. */
  private static final ThreadLocal<@Nullable RequestUnit> PASSING = new ThreadLocal<>();

  /**
   * Keyed by the container's request, which is all that an async dispatch and an unwrapped request
   * have. The map keeps neither alive: the container's async listener holds the unit, and the unit
   * holds the request.
   */
  private static final ConcurrentMap<Key, Reference<RequestUnit>> ASYNC = new ConcurrentHashMap<>();

  private static final ReferenceQueue<ServletRequest> COLLECTED = new ReferenceQueue<>();

  private OpenUnits() {}

  static boolean isAttribute(String name) {
    return ATTRIBUTE.equals(name);
  }

  /** The latest unit of the request that has not ended. */
  static @Nullable RequestUnit of(ServletRequest request) {
    return RequestUnit.openAmong(innermost(request));
  }

  /** The open unit of this collector that a dispatch of the request belongs to. */
  static @Nullable RequestUnit ofDispatch(ServletRequest request, EventCollector collector) {
    return RequestUnit.openAmong(innermostOfDispatch(request), collector);
  }

  /** The same, of any collector. */
  static @Nullable RequestUnit ofDispatch(ServletRequest request) {
    return RequestUnit.openAmong(innermostOfDispatch(request));
  }

  /** A request is new, passes on this thread, or goes on asynchronously. */
  private static @Nullable RequestUnit innermostOfDispatch(ServletRequest request) {
    // Some containers reuse a request object, even one that was abandoned midway.
    return request.getDispatcherType() == DispatcherType.REQUEST
        ? passing(request)
        : innermost(request);
  }

  /** The latest unit of this request. It may have ended. */
  private static @Nullable RequestUnit innermost(ServletRequest request) {
    RequestUnit unit = passing(request);
    return unit != null ? unit : async(request);
  }

  /** The same, without a look at asynchronous requests. */
  private static @Nullable RequestUnit passing(ServletRequest request) {
    // In a cross-context dispatch, another web app's copy of these classes may answer.
    if (request.getAttribute(ATTRIBUTE) instanceof RequestUnit unit) {
      return unit;
    }
    RequestUnit unit = PASSING.get();
    if (unit != null) {
      ServletRequest original = original(request);
      while (unit != null && !unit.isOf(original)) {
        unit = unit.outerOnThread();
      }
    }
    return unit;
  }

  private static @Nullable RequestUnit async(ServletRequest request) {
    if (ASYNC.isEmpty()) {
      return null;
    }
    Reference<RequestUnit> unit = ASYNC.get(new Key(original(request), null));
    return unit == null ? null : unit.get();
  }

  /**
   * Call it when a unit begins to pass on this thread.
   *
   * @return the unit that already passes, if any, for {@link #endPass}
   */
  static @Nullable RequestUnit beginPass(RequestUnit unit) {
    RequestUnit outer = PASSING.get();
    PASSING.set(unit);
    return outer;
  }

  static void endPass(@Nullable RequestUnit outer) {
    PASSING.set(outer); // null stays on the thread: cheaper than a new entry each time
  }

  /** Call it when the request of this unit goes on asynchronously. */
  static void addAsync(RequestUnit unit) {
    for (Reference<?> key = COLLECTED.poll(); key != null; key = COLLECTED.poll()) {
      ASYNC.remove(key);
    }
    ASYNC.compute(
        new Key(unit.original(), COLLECTED),
        (key, present) -> {
          RequestUnit innermost = present == null ? null : present.get();
          return innermost != null && innermost.isWithin(unit)
              ? present
              : new WeakReference<>(unit);
        });
  }

  /** Call it when such a unit has ended; the one around it may go on. */
  static void removeAsync(RequestUnit unit, @Nullable RequestUnit enclosing) {
    ASYNC.computeIfPresent(
        new Key(unit.original(), null),
        (key, present) ->
            present.get() != unit
                ? present
                : enclosing == null ? null : new WeakReference<>(enclosing));
  }

  static ServletRequest original(ServletRequest request) {
    ServletRequest original = request;
    while (original instanceof ServletRequestWrapper wrapper) {
      original = wrapper.getRequest();
    }
    return original;
  }

  /** The container's request, by identity. */
  private static final class Key extends WeakReference<ServletRequest> {
    private final int hash;

    Key(ServletRequest request, @Nullable ReferenceQueue<ServletRequest> queue) {
      super(request, queue);
      hash = System.identityHashCode(request);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return this == other || (other instanceof Key key && get() != null && key.refersTo(get()));
    }
  }
}
