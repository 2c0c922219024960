package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Learns that the request goes on asynchronously, and takes the unit of work along. */
final class UnitRequest extends HttpServletRequestWrapper {

  private final RequestUnit unit;
  private final ServletResponse response;
  private @Nullable UnitAsyncContext asyncContext;
  private @Nullable ServletInputStream stream;

  UnitRequest(RequestUnit unit, HttpServletRequest request, ServletResponse response) {
    super(request);
    this.unit = unit;
    this.response = response;
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    if (stream == null) {
      stream = new UnitInputStream(unit, super.getInputStream());
    }
    return stream;
  }

  @Override
  public AsyncContext startAsync() {
    return started(super.startAsync(), response);
  }

  @Override
  public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
    return started(super.startAsync(request, response), response);
  }

  private AsyncContext started(AsyncContext context, ServletResponse response) {
    UnitAsyncListener.listenTo(context, unit);
    asyncContext = new UnitAsyncContext(unit, context, response);
    return asyncContext;
  }

  @Override
  public AsyncContext getAsyncContext() {
    AsyncContext context = super.getAsyncContext();
    if (asyncContext == null || !asyncContext.wraps(context)) {
      asyncContext = new UnitAsyncContext(unit, context, response);
    }
    return asyncContext;
  }
}
