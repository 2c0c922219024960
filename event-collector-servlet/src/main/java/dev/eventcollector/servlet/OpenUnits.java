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
 * Finds the unit of a request. The unit is no attribute of the container's request, because the
 * attribute listeners of the application would be told about it.
 */
final class OpenUnits {

  /** A {@link UnitRequest} answers with its unit, through wrappers and proxies around it. */
  private static final String ATTRIBUTE = RequestUnit.class.getName();

  /** The innermost pass of each thread, for requests that were taken out of their wrapper. */
  private static final ThreadLocal<@Nullable RequestUnit> PASSING = new ThreadLocal<>();

  /**
   * By the container's request, which is all that an async dispatch and an unwrapped request have.
   * Neither side is kept alive: the container's async listener keeps the unit, which has the
   * request.
   */
  private static final ConcurrentMap<Key, Reference<RequestUnit>> ASYNC = new ConcurrentHashMap<>();

  private static final ReferenceQueue<ServletRequest> COLLECTED = new ReferenceQueue<>();

  private OpenUnits() {}

  static boolean isAttribute(String name) {
    return ATTRIBUTE.equals(name);
  }

  /** The unit that began last for the request and has not ended. */
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

  /** A request is new, or it passes on this thread, or it goes on asynchronously. */
  private static @Nullable RequestUnit innermostOfDispatch(ServletRequest request) {
    // Some containers use a request object again, which may have been left behind in mid-air.
    return request.getDispatcherType() == DispatcherType.REQUEST
        ? passing(request)
        : innermost(request);
  }

  /** The unit that began last for this request. It may have ended. */
  private static @Nullable RequestUnit innermost(ServletRequest request) {
    RequestUnit unit = passing(request);
    return unit != null ? unit : async(request);
  }

  /** The same, among units that are known without a look at asynchronous requests. */
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
   * To be called when a unit begins to pass on this thread.
   *
   * @return the one that passes already, if any, for {@link #endPass}
   */
  static @Nullable RequestUnit beginPass(RequestUnit unit) {
    RequestUnit outer = PASSING.get();
    PASSING.set(unit);
    return outer;
  }

  static void endPass(@Nullable RequestUnit outer) {
    if (outer == null) {
      PASSING.remove();
    } else {
      PASSING.set(outer);
    }
  }

  /** To be called when the request of this unit goes on asynchronously. */
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

  /** To be called when such a unit has ended; the one around it may go on. */
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
