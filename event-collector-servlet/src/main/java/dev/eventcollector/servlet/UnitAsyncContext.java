package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/**
 * Publishes before the request is completed, and takes the unit of work along to the threads that
 * the container starts.
 */
final class UnitAsyncContext implements AsyncContext {

  private final RequestUnit unit;
  private final AsyncContext context;
  private final ServletResponse response;

  UnitAsyncContext(RequestUnit unit, AsyncContext context, ServletResponse response) {
    this.unit = unit;
    this.context = context;
    this.response = response;
  }

  boolean wraps(AsyncContext other) {
    return context == other;
  }

  /** This, or, when another cycle has begun, the one for that. */
  UnitAsyncContext orNext(AsyncContext other) {
    return wraps(other) ? this : new UnitAsyncContext(unit, other, response);
  }

  @Override
  public void complete() {
    unit.asyncCompleted();
    context.complete();
  }

  @Override
  public void start(Runnable work) {
    context.start(() -> unit.run(work));
  }

  @Override
  public ServletRequest getRequest() {
    return context.getRequest();
  }

  @Override
  public ServletResponse getResponse() {
    return response;
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return context.hasOriginalRequestAndResponse();
  }

  @Override
  public void dispatch() {
    context.dispatch();
  }

  @Override
  public void dispatch(String path) {
    context.dispatch(path);
  }

  @Override
  public void dispatch(ServletContext servletContext, String path) {
    context.dispatch(servletContext, path);
  }

  @Override
  public void addListener(AsyncListener listener) {
    context.addListener(new UnitListener.OfAsync(unit, listener, this));
  }

  @Override
  public void addListener(
      AsyncListener listener, ServletRequest request, ServletResponse response) {
    context.addListener(new UnitListener.OfAsync(unit, listener, this), request, response);
  }

  @Override
  public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
    return context.createListener(type);
  }

  @Override
  public void setTimeout(long timeout) {
    context.setTimeout(timeout);
  }

  @Override
  public long getTimeout() {
    return context.getTimeout();
  }
}
