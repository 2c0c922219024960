package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/** Ends the unit of work with the asynchronous request, unless it has ended before. */
record UnitAsyncListener(RequestUnit unit) implements AsyncListener {

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

  @Override
  public void onError(AsyncEvent event) {
    unit.fail();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A new cycle begins without the listeners of the one before (AsyncListener, its Javadoc).
    listenTo(event.getAsyncContext(), unit);
  }
}
