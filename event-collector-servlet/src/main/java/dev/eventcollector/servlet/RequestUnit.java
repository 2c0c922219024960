package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The unit of work of a request, from its first dispatch to its end, whatever threads that takes.
 *
 * <p>A pass is one way through the filter; an asynchronous request may have several, one after the
 * other, and none in between.
 */
final class RequestUnit {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventPublishingFilter.class);

  private final EventCollector collector;
  private final UnitOfWork unit;
  private final FilterSettings settings;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final @Nullable RequestUnit enclosing;

  private @Nullable UnitResponse wrapped;
  private volatile ServletRequest seen;
  private @Nullable RequestUnit outerOnThread;
  private volatile @Nullable Thread passing; // written under the lock, as the next three
  private volatile boolean asyncStarted;
  private boolean asyncDispatched;
  private boolean asyncCompleted;
  private volatile boolean failed;
  private volatile boolean upgraded;

  private RequestUnit(
      EventCollector collector,
      FilterSettings settings,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable RequestUnit enclosing) {
    this.collector = collector;
    this.unit = collector.unitsOfWork().begin();
    this.settings = settings;
    this.request = request;
    this.seen = request;
    this.response = response;
    this.enclosing = enclosing;
  }

  /** Begins a unit within those of other collectors that are open for the request. */
  static RequestUnit begin(
      EventCollector collector,
      FilterSettings settings,
      HttpServletRequest request,
      HttpServletResponse response) {
    return new RequestUnit(collector, settings, request, response, openAmong(innermost(request)));
  }

  /** The unit of this collector that is open for the request. */
  static @Nullable RequestUnit of(ServletRequest request, EventCollector collector) {
    RequestUnit unit = innermost(request);
    while (unit != null && (unit.collector != collector || unit.unit.hasEnded())) {
      unit = unit.enclosing;
    }
    return unit;
  }

  /** A request is new to the filter, or it passes on this thread, or it goes on asynchronously. */
  private static @Nullable RequestUnit innermost(ServletRequest request) {
    // Some containers use a request object again, which may have been left behind in mid-air.
    return request.getDispatcherType() == DispatcherType.REQUEST
        ? OpenUnits.passing(request)
        : OpenUnits.innermost(request);
  }

  /** The unit that began last and has not ended. */
  static @Nullable RequestUnit of(ServletRequest request) {
    return openAmong(OpenUnits.innermost(request));
  }

  private static @Nullable RequestUnit openAmong(@Nullable RequestUnit innermost) {
    RequestUnit unit = innermost;
    while (unit != null && unit.unit.hasEnded()) {
      unit = unit.enclosing;
    }
    return unit;
  }

  /** The container's own. */
  ServletRequest original() {
    return OpenUnits.original(request);
  }

  boolean isOf(ServletRequest original) {
    return original() == original;
  }

  /** Whether the other one is this, or around this. */
  boolean isWithin(RequestUnit other) {
    RequestUnit unit = this;
    while (unit != null && unit != other) {
      unit = unit.enclosing;
    }
    return unit != null;
  }

  @Nullable RequestUnit outerOnThread() {
    return outerOnThread;
  }

  /** The request as the rest of the chain is to see it in this pass. */
  ServletRequest requestFor(ServletRequest given, ServletResponse response) {
    seen =
        given instanceof HttpServletRequest http && !UnitRequest.isWithin(given, this)
            ? new UnitRequest(this, http, response)
            : given;
    return seen;
  }

  /** The response as the rest of the chain is to see it in this pass. */
  ServletResponse responseFor(ServletResponse given) {
    if (!settings.publishBeforeCommit()
        || !(given instanceof HttpServletResponse http)
        || contains(given, wrapped)) {
      return given;
    }
    if (wrapped == null || wrapped.getResponse() != given) {
      wrapped = new UnitResponse(this, http);
    }
    return wrapped;
  }

  private static boolean contains(ServletResponse given, @Nullable ServletResponse wanted) {
    return wanted != null
        && (given == wanted
            || (given instanceof ServletResponseWrapper outer && outer.isWrapperFor(wanted)));
  }

  /** Binds this unit, and those of other collectors around it, to the calling thread. */
  UnitOfWork.Binding bind() {
    RequestUnit other = openAmong(enclosing);
    if (other == null) {
      return unit.bind();
    }
    UnitOfWork.Binding outer = other.bind();
    try {
      UnitOfWork.Binding inner = unit.bind();
      return () -> {
        inner.close();
        outer.close();
      };
    } catch (IllegalStateException e) {
      outer.close();
      throw e;
    }
  }

  /** Does work of the request. What it collects when the request has ended is dropped. */
  void run(Runnable work) {
    if (!unit.hasEnded()) {
      try (UnitOfWork.Binding bound = bind()) {
        work.run();
        return;
      }
    }
    UnitOfWork late = collector.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = late.bind()) {
      work.run();
    } finally {
      int dropped = late.clear();
      if (dropped > 0) {
        LOGGER.warn("{} event(s) were enqueued after {} had ended; dropped", dropped, this);
      }
    }
  }

  /** Calls a listener. What it collects when the request has ended is a unit of its own. */
  <X extends Exception> void callBack(UnitsOfWork.Action<X> listener) throws X {
    if (unit.hasEnded()) {
      try (UnitOfWork own = collector.unitsOfWork().begin();
          UnitOfWork.Binding bound = own.bind()) {
        listener.run();
        own.publish(); // else it is cleared
      }
    } else {
      try (UnitOfWork.Binding bound = bind()) {
        listener.run();
      }
    }
  }

  /** Whether the calling thread is inside a pass: in a forward, an include, a second filter. */
  boolean isPassing() {
    return passing == Thread.currentThread();
  }

  void beginPass(boolean asyncDispatch) {
    outerOnThread = OpenUnits.beginPass(this);
    synchronized (this) {
      passing = Thread.currentThread();
      if (asyncDispatch) {
        asyncStarted = false;
        asyncDispatched = false;
      }
    }
  }

  /** Ends a pass. True when the request ends with it. */
  boolean endPass() {
    OpenUnits.endPass(outerOnThread);
    outerOnThread = null;
    synchronized (this) {
      passing = null;
      return !asyncStarted || asyncCompleted;
    }
  }

  void asyncStarted() {
    synchronized (this) {
      asyncStarted = true;
      asyncDispatched = false;
    }
    OpenUnits.addAsync(this);
  }

  /** Sets whether {@code dispatch()} was called in this cycle; answers with the value before. */
  synchronized boolean asyncDispatched(boolean value) {
    boolean before = asyncDispatched;
    asyncDispatched = value;
    return before;
  }

  boolean isAsyncStarted() {
    return asyncStarted;
  }

  /** The connection goes on with another protocol, and without the unit. */
  void upgraded() {
    upgraded = true;
  }

  boolean isUpgraded() {
    return upgraded;
  }

  /** Called before {@code complete()} does its work. */
  void asyncCompleted() {
    synchronized (this) {
      if (asyncDispatched) {
        return; // the container is going to refuse
      }
      asyncCompleted = true;
      if (passing != null) {
        return; // complete() takes no effect before the pass is over (AsyncContext, its Javadoc)
      }
    }
    finish(true);
  }

  /** The dispatch that goes on, unless the container tells that outside of our wrappers. */
  DispatcherType dispatcherType() {
    return seen.getDispatcherType();
  }

  /** Dooms what was and will be collected, without ending the unit. */
  void doom() {
    failed = true;
  }

  void fail() {
    failed = true;
    unit.clear();
    forget();
  }

  /**
   * Called before the response is committed, once.
   *
   * @return false when the response is a 503 now, so that nothing more may be written
   */
  boolean beforeCommit(int status) {
    if (failed || unit.hasEnded() || !isSuccess(status) || unit.events().isEmpty()) {
      return true;
    }
    PublishReport report = unit.publishSoFar();
    if (settings.mode() == Mode.KEEP || report.allConfirmed()) {
      return true;
    }
    failed = true;
    refuse(report);
    return false;
  }

  /**
   * Publishes or clears, and ends the unit. Does nothing when it has ended.
   *
   * @param responseIsOpen whether the container still takes another response
   */
  void finish(boolean responseIsOpen) {
    try {
      if (unit.hasEnded() || failed || !isSuccess(response.getStatus())) {
        return;
      }
      PublishReport report = unit.publish();
      if (settings.mode() == Mode.KEEP || report.allConfirmed()) {
        return;
      }
      if (responseIsOpen && !upgraded && !response.isCommitted()) {
        refuse(report);
      } else {
        LOGGER.warn("too late to answer {} with 503, events stay owed: {}", this, report);
      }
    } finally {
      unit.close();
      forget();
      if (responseIsOpen && wrapped != null) {
        wrapped.end();
      }
    }
  }

  boolean isSuccess(int status) {
    return settings.success().isSuccess(request, status);
  }

  private void refuse(PublishReport report) {
    if (settings.withdrawUnconfirmed()) {
      collector.withdraw(report);
    }
    if (wrapped != null) {
      wrapped.becomeRefused();
    }
    LOGGER.debug("answering {} with 503: {}", this, report);
    ServiceUnavailable.send(response, settings.retryAfter());
  }

  private void forget() {
    if (asyncStarted) {
      OpenUnits.removeAsync(this, openAmong(enclosing));
    }
  }

  @Override
  public String toString() {
    return request.getMethod() + " " + request.getRequestURI();
  }
}
