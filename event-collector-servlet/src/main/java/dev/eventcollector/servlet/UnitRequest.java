package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Notices that the request goes on asynchronously, and carries the unit of work along. */
final class UnitRequest extends HttpServletRequestWrapper {

  private final RequestUnit unit;
  private final ServletResponse response;
  private @Nullable UnitAsyncContext asyncContext;
  private @Nullable UnitInputStream stream;

  UnitRequest(RequestUnit unit, HttpServletRequest request, ServletResponse response) {
    super(request);
    this.unit = unit;
    this.response = response;
  }

  /** Whether the request is a {@link UnitRequest} of this unit, or wraps one. */
  static boolean isWithin(ServletRequest request, RequestUnit unit) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      if (inner instanceof UnitRequest seen && seen.unit == unit) {
        return true;
      }
      inner = wrapper.getRequest();
    }
    return false;
  }

  @Override
  public @Nullable Object getAttribute(String name) {
    return OpenUnits.isAttribute(name) ? unit : super.getAttribute(name);
  }

  /** The container may use another stream for a dispatch. */
  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream in = super.getInputStream();
    if (stream == null || !stream.wraps(in)) {
      stream = new UnitInputStream(unit, in);
    }
    return stream;
  }

  @Override
  public AsyncContext startAsync() {
    return started(super.startAsync());
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return started(super.startAsync(request, response));
  }

  private AsyncContext started(AsyncContext context) {
    UnitAsyncListener.listenTo(context, unit);
    asyncContext = new UnitAsyncContext(unit, context, this, response);
    return asyncContext;
  }

  /** Jetty starts the request asynchronously for that, until the connection ends. */
  @Override
  public <T extends HttpUpgradeHandler> T upgrade(Class<T> type)
      throws IOException, ServletException {
    T handler = super.upgrade(type);
    unit.upgrade();
    return handler;
  }

  @Override
  public @Nullable AsyncContext getAsyncContext() {
    AsyncContext context = super.getAsyncContext();
    if (context == null) {
      return null; // in a request that no container made, such as spring-test's
    }
    if (super.isAsyncStarted()) {
      UnitAsyncListener.join(context, unit);
    }
    if (asyncContext == null || !asyncContext.wraps(context)) {
      asyncContext = new UnitAsyncContext(unit, context, this, response);
    }
    return asyncContext;
  }
}
