package dev.eventcollector.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Publishes before the request is completed, and carries the unit of work to the threads that the
 * container starts. Replaces the container's own request and response by those that the application
 * knows.
 */
final class UnitAsyncContext implements AsyncContext {

  private final RequestUnit unit;
  private final AsyncContext context;
  private final ServletRequest request;
  private final ServletResponse response;

  UnitAsyncContext(
      RequestUnit unit, AsyncContext context, ServletRequest request, ServletResponse response) {
    this.unit = unit;
    this.context = context;
    this.request = request;
    this.response = response;
  }

  boolean wraps(AsyncContext other) {
    return context == other;
  }

  /** An event of the container, as the application sees it. */
  AsyncEvent seen(AsyncEvent event) {
    AsyncContext other = event.getAsyncContext();
    return new AsyncEvent(
        wraps(other) ? this : new UnitAsyncContext(unit, other, request, response), // next cycle
        seen(event.getSuppliedRequest()),
        seen(event.getSuppliedResponse()),
        event.getThrowable());
  }

  private @Nullable ServletRequest seen(@Nullable ServletRequest given) {
    ServletRequest inner = request;
    while (inner != given && inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return inner == given ? request : given;
  }

  private @Nullable ServletResponse seen(@Nullable ServletResponse given) {
    ServletResponse inner = response;
    while (inner != given && inner instanceof ServletResponseWrapper wrapper) {
      inner = wrapper.getResponse();
    }
    return inner == given ? response : given;
  }

  @Override
  public @Nullable ServletRequest getRequest() {
    return seen(context.getRequest());
  }

  @Override
  public @Nullable ServletResponse getResponse() {
    return seen(context.getResponse());
  }

  @Override
  public boolean hasOriginalRequestAndResponse() {
    return context.hasOriginalRequestAndResponse();
  }

  @Override
  public void complete() {
    try {
      unit.asyncCompleted();
    } catch (RuntimeException thrown) {
      unit.answerFailure();
      context.complete();
      throw thrown;
    }
    context.complete();
  }

  @Override
  public void start(Runnable work) {
    context.start(() -> unit.run(work));
  }

  @Override
  public void dispatch() {
    dispatch(context::dispatch);
  }

  @Override
  public void dispatch(String path) {
    dispatch(() -> context.dispatch(path));
  }

  @Override
  public void dispatch(ServletContext servletContext, String path) {
    dispatch(() -> context.dispatch(servletContext, path));
  }

  /** Informs the unit first, because the dispatch may begin before this returns. */
  private void dispatch(Runnable dispatch) {
    boolean before = unit.setDispatched(true);
    try {
      dispatch.run();
    } catch (RuntimeException refused) {
      unit.setDispatched(before);
      throw refused;
    }
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
