package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the unit of work with the asynchronous request, unless it has ended before. */
record UnitAsyncListener(RequestUnit unit) implements AsyncListener {

  private static final Logger LOGGER = LoggerFactory.getLogger(EventPublishingFilter.class);

  static void listenTo(AsyncContext context, RequestUnit unit) {
    context.addListener(new UnitAsyncListener(unit));
    unit.asyncStarted();
  }

  /**
   * Notices that a request was upgraded or started without its wrapper. WebSocket containers do so.
   */
  static void noticeUnwrapped(ServletRequest request, ServletResponse response, RequestUnit unit) {
    if (response instanceof HttpServletResponse http
        && http.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS) {
      unit.upgrade();
    }
    if (!unit.isUpgraded() && !unit.isAsyncStarted() && request.isAsyncStarted()) {
      try {
        listenTo(request.getAsyncContext(), unit);
      } catch (IllegalStateException e) {
        return; // another thread has completed it meanwhile
      }
    }
  }

  /** Keeps the unit open for an asynchronous request that was not started by its wrapper. */
  static void join(AsyncContext context, RequestUnit unit) {
    if (unit.isAsyncStarted()) {
      return;
    }
    try {
      listenTo(context, unit);
    } catch (IllegalStateException e) {
      return; // it is over already
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    unit.finish(false);
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    // The application may still turn it into a success; if not, the container answers 500.
  }

  /** The work need not have failed, nor know of it: its client has gone, for example. */
  @Override
  public void onError(AsyncEvent event) {
    int dropped = unit.fail();
    if (dropped > 0) {
      Throwable error = event.getThrowable();
      String type = error == null ? "no exception" : error.getClass().getName();
      LOGGER.warn("the container has failed {} ({}), {} event(s) dropped", unit, type, dropped);
    }
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A new cycle begins without the listeners of the one before (AsyncListener, its Javadoc).
    listenTo(event.getAsyncContext(), unit);
  }
}
