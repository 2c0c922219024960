package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.servlet.EventPublishingFilter.Mode;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The unit of work of a request, from its first dispatch to its end, on all its threads. */
final class RequestUnit extends RequestProgress {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventPublishingFilter.class);

  private final EventCollector collector;
  private final UnitOfWork unit;
  private final FilterSettings settings;
  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final @Nullable RequestUnit enclosing;
  private final String method; // of its own: containers empty a request that has ended
  private final String uri;

  private @Nullable UnitResponse wrapped;
  private volatile ServletRequest seen;
  private @Nullable RequestUnit outerOnThread;
  private volatile boolean knownAsAsync;
  private volatile boolean failed;
  private volatile boolean refused; // the response is a 503; the work of the request goes on

  private RequestUnit(
      EventCollector collector,
      FilterSettings settings,
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable RequestUnit enclosing) {
    this.method = request.getMethod();
    this.uri = request.getRequestURI();
    this.collector = collector;
    this.unit = collector.unitsOfWork().begin();
    this.settings = settings;
    this.request = request;
    this.seen = request;
    this.response = response;
    this.enclosing = enclosing;
  }

  /** Begins a unit within the request's open units of other collectors. */
  static RequestUnit begin(
      EventCollector collector,
      FilterSettings settings,
      HttpServletRequest request,
      HttpServletResponse response) {
    return new RequestUnit(collector, settings, request, response, OpenUnits.ofDispatch(request));
  }

  /** This unit, or the nearest open one around it. */
  static @Nullable RequestUnit openAmong(@Nullable RequestUnit innermost) {
    RequestUnit unit = innermost;
    while (unit != null && unit.unit.hasEnded()) {
      unit = unit.enclosing;
    }
    return unit;
  }

  /** This unit, or the nearest open one of this collector around it. */
  static @Nullable RequestUnit openAmong(
      @Nullable RequestUnit innermost, EventCollector collector) {
    RequestUnit unit = openAmong(innermost);
    while (unit != null && unit.collector != collector) {
      unit = openAmong(unit.enclosing);
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

  /** Whether the other unit is this one or encloses it. */
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

  /** The request that the rest of the chain sees in this pass. */
  ServletRequest requestFor(ServletRequest given, ServletResponse response) {
    seen =
        given instanceof HttpServletRequest http && !UnitRequest.isWithin(given, this)
            ? new UnitRequest(this, http, response)
            : given;
    return seen;
  }

  /** The response that the rest of the chain sees in this pass. */
  ServletResponse responseFor(ServletResponse given) {
    if (!settings.publishBeforeCommit()
        || !(given instanceof HttpServletResponse http)
        || UnitResponse.isWithin(given, wrapped)) {
      return given;
    }
    if (wrapped == null || wrapped.getResponse() != given) {
      wrapped = new UnitResponse(this, http);
    }
    return wrapped;
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

  /** Runs work of the request. Drops events that it collects after the request has ended. */
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

  /**
   * Calls a listener. Events that it collects after the request has ended form a unit of their own.
   */
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

  @Override
  void beginPass(boolean asyncDispatch) {
    outerOnThread = OpenUnits.beginPass(this);
    super.beginPass(asyncDispatch);
  }

  @Override
  boolean endPass() {
    OpenUnits.endPass(outerOnThread);
    outerOnThread = null;
    return super.endPass();
  }

  void asyncStarted() {
    startAsync();
    knownAsAsync = true;
    OpenUnits.addAsync(this);
  }

  /** Called before {@code complete()} does its work. */
  void asyncCompleted() {
    if (completeAsync()) {
      finish(true);
    }
  }

  /** Answers with 500 after {@link #asyncCompleted} threw, for example from a listener of units. */
  void answerFailure() {
    try {
      response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    } catch (IOException | IllegalStateException e) {
      LOGGER.debug("{} has been answered already", this, e);
    }
  }

  /** The current dispatch, unless the container reports it outside of our wrappers. */
  DispatcherType dispatcherType() {
    return seen.getDispatcherType();
  }

  /** Call it when a forward begins: the container has emptied the buffer, in part beneath us. */
  void beginForward() {
    if (wrapped != null) {
      wrapped.forgetWritten();
    }
  }

  /**
   * Call it when a forward has returned. The container ends the response now, in part beneath its
   * wrappers, after which neither a 503 nor a content length is possible.
   */
  void endForward() {
    if (wrapped != null && (wrapped.holdsContentLength() || mayBeRefused())) {
      wrapped.beforeCommit();
    }
  }

  private boolean mayBeRefused() {
    return settings.mode() == Mode.REQUIRE
        && !failed
        && !refused
        && !unit.hasEnded()
        && !unit.events().isEmpty();
  }

  /** Dooms all past and future events of the unit, without ending it. */
  void doom() {
    failed = true;
  }

  /** Returns how many events it drops. */
  int fail() {
    failed = true;
    int dropped = unit.clear();
    forget();
    return dropped;
  }

  /**
   * Called before the response is committed, once.
   *
   * @return false when the response is now a 503, so that nothing more may be written
   */
  boolean beforeCommit(int status) {
    if (failed || refused || unit.hasEnded() || !isSuccess(status)) {
      return true;
    }
    if (settings.mode() == Mode.KEEP && unit.events().isEmpty()) {
      return true;
    }
    PublishReport report = published(unit::publishSoFar);
    if (settings.mode() == Mode.KEEP || report.allSafe()) {
      return true;
    }
    refused = true;
    failed = settings.withdrawUnconfirmed(); // otherwise later events stay owed, like these
    refuse(report);
    return false;
  }

  /**
   * Publishes or clears the unit, and ends it. Does nothing if it has ended.
   *
   * @param responseIsOpen whether the container still accepts another response
   */
  void finish(boolean responseIsOpen) {
    try {
      if (unit.hasEnded() || failed || !(refused || isSuccess(response.getStatus()))) {
        return;
      }
      PublishReport report = published(unit::publish);
      if (settings.mode() == Mode.KEEP || refused || report.allSafe()) {
        return;
      }
      if (responseIsOpen && !isUpgraded() && !response.isCommitted()) {
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

  /** Takes the report from a listener of units that itself requires confirms. */
  private PublishReport published(Supplier<PublishReport> publishing) {
    if (settings.mode() == Mode.KEEP) {
      return publishing.get();
    }
    try {
      return publishing.get();
    } catch (EventsNotConfirmedException e) {
      return e.report();
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
    if (knownAsAsync) {
      OpenUnits.removeAsync(this, openAmong(enclosing));
    }
  }

  @Override
  public String toString() {
    return method + " " + uri;
  }
}
