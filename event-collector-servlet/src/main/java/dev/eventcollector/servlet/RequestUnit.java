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
  private static final String ATTRIBUTE = RequestUnit.class.getName();

  private final EventCollector collector;
  private final UnitOfWork unit;
  private final FilterSettings settings;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final @Nullable RequestUnit enclosing;

  private @Nullable UnitResponse wrapped;
  private volatile @Nullable Thread passing; // written under the lock, as the next two
  private volatile boolean asyncStarted;
  private boolean asyncCompleted;
  private volatile boolean failed;

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
    this.response = response;
    this.enclosing = enclosing;
  }

  /** Begins a unit, which can then be found by the request. */
  static RequestUnit begin(
      EventCollector collector,
      FilterSettings settings,
      HttpServletRequest request,
      HttpServletResponse response) {
    RequestUnit unit = new RequestUnit(collector, settings, request, response, innermost(request));
    request.setAttribute(ATTRIBUTE, unit);
    return unit;
  }

  /** The unit of this collector that is open for the request. */
  static @Nullable RequestUnit of(ServletRequest request, EventCollector collector) {
    RequestUnit unit = innermost(request);
    while (unit != null && (unit.collector != collector || unit.unit.hasEnded())) {
      unit = unit.enclosing;
    }
    return unit;
  }

  /** The unit that began last and has not ended. */
  static @Nullable RequestUnit of(ServletRequest request) {
    return openAmong(innermost(request));
  }

  private static @Nullable RequestUnit openAmong(@Nullable RequestUnit innermost) {
    RequestUnit unit = innermost;
    while (unit != null && unit.unit.hasEnded()) {
      unit = unit.enclosing;
    }
    return unit;
  }

  private static @Nullable RequestUnit innermost(ServletRequest request) {
    // In a cross-context dispatch the attribute may come from another web app's copy of this class.
    return request.getAttribute(ATTRIBUTE) instanceof RequestUnit unit ? unit : null;
  }

  /** The request as the rest of the chain is to see it in this pass. */
  HttpServletRequest requestFor(HttpServletRequest given, HttpServletResponse response) {
    return given.isAsyncSupported() ? new UnitRequest(this, given, response) : given;
  }

  /** The response as the rest of the chain is to see it in this pass. */
  HttpServletResponse responseFor(HttpServletResponse given) {
    if (!settings.publishBeforeCommit() || contains(given, wrapped)) {
      return given;
    }
    if (wrapped == null || wrapped.getResponse() != given) {
      wrapped = new UnitResponse(this, given);
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

  synchronized void beginPass(boolean asyncDispatch) {
    passing = Thread.currentThread();
    if (asyncDispatch) {
      asyncStarted = false;
    }
  }

  /** Ends a pass. True when the request ends with it. */
  synchronized boolean endPass() {
    passing = null;
    return !asyncStarted || asyncCompleted;
  }

  synchronized void asyncStarted() {
    asyncStarted = true;
  }

  boolean isAsyncStarted() {
    return asyncStarted;
  }

  /** Called before {@code complete()} does its work. */
  void asyncCompleted() {
    synchronized (this) {
      asyncCompleted = true;
      if (passing != null) {
        return; // complete() takes no effect before the pass is over (AsyncContext, its Javadoc)
      }
    }
    finish(true);
  }

  /** In some containers the original request tells, in others only their wrapper does. */
  boolean isIncluding() {
    return request.getDispatcherType() == DispatcherType.INCLUDE;
  }

  /** Dooms what was and will be collected, without ending the unit. */
  void doom() {
    failed = true;
  }

  void fail() {
    failed = true;
    unit.clear();
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
      if (responseIsOpen && !response.isCommitted()) {
        refuse(report);
      } else {
        LOGGER.warn("too late to answer {} with 503, events stay owed: {}", this, report);
      }
    } finally {
      unit.close();
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

  /** Lets the request forget the unit, if it has ended. */
  void forget() {
    if (unit.hasEnded()) {
      request.setAttribute(ATTRIBUTE, enclosing);
    }
  }

  @Override
  public String toString() {
    return request.getMethod() + " " + request.getRequestURI();
  }
}
