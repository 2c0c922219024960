package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Makes every request a unit of work: what was collected is published when the request has
 * succeeded, and dropped when it has failed, which is: an exception, or a status of 400 and above.
 *
 * <pre>{@code
 * servletContext.addFilter("events", new EventPublishingFilter(collector));
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
public class EventPublishingFilter implements Filter {

  private static final String UNIT = EventPublishingFilter.class.getName() + ".unit";

  private final EventCollector collector;

  /** For the {@linkplain EventCollector#threadSingletonInstance() collector of the thread}. */
  public EventPublishingFilter() {
    this(EventCollector.threadSingletonInstance());
  }

  /** For a collector that was injected. */
  public EventPublishingFilter(EventCollector collector) {
    this.collector = Objects.requireNonNull(collector, "collector");
  }

  /** Binds the request's unit of work to the thread for the time of the rest of the chain. */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getAttribute(UNIT) != null) {
      chain.doFilter(request, response);
      return;
    }
    UnitOfWork unit = collector.newUnitOfWork();
    request.setAttribute(UNIT, unit);
    boolean returned = false;
    try (UnitOfWork.Binding bound = unit.bind()) {
      chain.doFilter(request, response);
      returned = true;
    } finally {
      if (!returned) {
        unit.clear();
      }
    }
    if (request.isAsyncStarted()) {
      request.getAsyncContext().addListener(new EndOfUnit(unit, response));
    } else {
      end(unit, response);
    }
    request.removeAttribute(UNIT);
  }

  private static void end(UnitOfWork unit, ServletResponse response) {
    if (response instanceof HttpServletResponse http && http.getStatus() >= 400) {
      unit.clear();
    } else {
      unit.publish();
    }
  }

  private record EndOfUnit(UnitOfWork unit, ServletResponse response) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      end(unit, response);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // What becomes of the request is known in onComplete.
    }

    @Override
    public void onError(AsyncEvent event) {
      unit.clear();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
