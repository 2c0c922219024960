package dev.eventcollector.servlet;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectors;
import dev.eventcollector.UnitOfWork;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Makes every request a unit of work: what was collected is published when the request has
 * succeeded, and dropped when it has failed.
 *
 * <pre>{@code
 * var events = servletContext.addFilter("events", new EventPublishingFilter(collector));
 * events.setAsyncSupported(true);
 * events.addMappingForUrlPatterns(EnumSet.of(REQUEST, ASYNC, ERROR), false, "/*");
 * }</pre>
 *
 * <p>Needs Servlet 6.0 or above. In {@code web.xml}:
 *
 * <pre>{@code
 * <filter>
 *   <filter-name>events</filter-name>
 *   <filter-class>dev.eventcollector.servlet.EventPublishingFilter</filter-class>
 *   <async-supported>true</async-supported>
 *   <init-param><param-name>mode</param-name><param-value>REQUIRE</param-value></init-param>
 * </filter>
 * <filter-mapping>
 *   <filter-name>events</filter-name>
 *   <url-pattern>/*</url-pattern>
 *   <dispatcher>REQUEST</dispatcher><dispatcher>ASYNC</dispatcher><dispatcher>ERROR</dispatcher>
 * </filter-mapping>
 * }</pre>
 *
 * <p>By annotation, on a class of the web app's own:
 *
 * <pre>{@code
 * @WebFilter(urlPatterns = "/*", asyncSupported = true, dispatcherTypes = {REQUEST, ASYNC, ERROR})
 * public class Events extends EventPublishingFilter {}
 * }</pre>
 *
 * <p>The init parameters are {@code mode}, {@code success}, {@code publishBeforeCommit}, {@code
 * withdrawUnconfirmed} and {@code retryAfter}; the methods of {@link EventPublishingFilterBuilder}
 * of the same names explain them.
 *
 * <h2>Success</h2>
 *
 * A request has succeeded when nothing was thrown through the filter and the status is below 400,
 * whether by {@code setStatus} or {@code sendError}; so redirects are successes. Which statuses
 * are, can be configured.
 *
 * <h2>When events are published</h2>
 *
 * Before the response is committed, or at the end of the request if it is not committed earlier.
 * The status line tells the client that its request has succeeded, and it cannot be taken back; so
 * everything that was collected until then is published first. This is right for a response that is
 * written when its work is done: a client that goes away while it is being answered no longer turns
 * work that was done into a failure, and {@link Mode#REQUIRE} can still answer otherwise. A
 * response is committed by a flush, a redirect, the closing of its stream or writer, and a body
 * that fills the buffer.
 *
 * <p>A response that is streamed while the work goes on is committed in the middle of it. What is
 * collected afterwards is published at the end of the request, or dropped if that throws; what was
 * published at the commit stays published, as the status stays. Where such a request has to be all
 * or nothing, set {@code publishBeforeCommit} to false: everything is then published at its end,
 * when the client may have had its answer already. Where it never ends, let it call {@link
 * EventCollector#publish()} from time to time.
 *
 * <p>The publishing waits for the broker no longer than the collector's publish timeout, on the
 * thread that writes the response. The first write of non-blocking output counts as the commit. The
 * container is told a content length when the response is committed, not earlier, because some
 * commit a response as soon as its content is complete.
 *
 * <h2>Asynchronous requests</h2>
 *
 * The unit of work stays open until the asynchronous request is completed, over all its dispatches
 * and threads (Servlet 6.0, section 2.3.3.3); a timeout fails it unless a listener makes a success
 * of it. Events are published before {@code complete()} does its work. Work that the container
 * starts with {@link jakarta.servlet.AsyncContext#start} collects into the unit; on threads of the
 * application's own, {@link #bind} does that. Map the filter to {@code ASYNC} dispatches, or what
 * is collected in these belongs to no request.
 *
 * <h2>Dispatches</h2>
 *
 * Forwards and includes belong to the request that makes them. An error dispatch is a unit of its
 * own, when the filter is mapped to it: what the failed request had collected is gone, and what the
 * error page collects is published if its own status is a success. A filter that is registered
 * twice for the same collector does its work once, with the settings of the one that comes first. A
 * request that upgrades its connection ends with that; {@link Mode#REQUIRE} cannot refuse it.
 *
 * <p>Safe for use by many threads. Extend it only to annotate it.
 */
public class EventPublishingFilter implements Filter {

  private final EventCollector collector;

  /** Set before the first request is passed (Servlet 6.0, section 6.2.1). */
  private FilterSettings settings;

  /**
   * With default settings, for the {@linkplain EventCollector#threadSingletonInstance() collector
   * of the thread}, which has to be installed before the first request comes.
   */
  public EventPublishingFilter() {
    this(EventCollector.threadSingletonInstance());
  }

  /** With default settings, for a collector that was injected. */
  public EventPublishingFilter(EventCollector collector) {
    this(Objects.requireNonNull(collector, "collector"), FilterSettings.DEFAULTS);
  }

  EventPublishingFilter(EventCollector collector, FilterSettings settings) {
    this.collector = collector;
    this.settings = settings;
  }

  /** Starts to configure a filter. */
  public static EventPublishingFilterBuilder builder() {
    return new EventPublishingFilterBuilder(FilterSettings.DEFAULTS);
  }

  /**
   * Reads the init parameters, which win over what was set before.
   *
   * @throws ServletException when parameters are wrong; the message names each with its value and
   *     the rule it breaks. It stops the deployment where the container makes its filters then, and
   *     the first request elsewhere (Undertow, unless {@code setEagerFilterInit} tells it
   *     otherwise)
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    settings = InitParameters.read(config, settings);
  }

  /**
   * Makes the request's unit of work the one that the calling thread collects into, until the
   * binding is closed, on the same thread. For an asynchronous request that goes on on a thread of
   * the application's own:
   *
   * <pre>{@code
   * AsyncContext async = request.startAsync();
   * executor.execute(() -> {
   *   try (var bound = EventPublishingFilter.bind(request)) {
   *     work();
   *   }
   *   async.complete();
   * });
   * }</pre>
   *
   * @param request the request as the application got it
   * @throws IllegalStateException when the request has not passed this filter, or has ended
   */
  public static UnitOfWork.Binding bind(ServletRequest request) {
    RequestUnit unit = OpenUnits.of(request);
    if (unit == null) {
      throw new IllegalStateException(
          "the request has no open unit of work: either it has not passed the"
              + " EventPublishingFilter, or it has ended");
    }
    return unit.bind();
  }

  /**
   * Passes the request on, bound to its unit of work.
   *
   * @throws ServletException when it is not an HTTP request, or from the rest of the chain
   * @throws IllegalStateException when the collector is the thread's and none is installed
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    EventCollector current = currentCollector();
    RequestUnit open = OpenUnits.ofDispatch(request, current);
    if (open != null && open.isPassing()) {
      chain.doFilter(request, response);
    } else if (open != null && request.getDispatcherType() != DispatcherType.ERROR) {
      pass(open, request, response, chain);
    } else {
      if (open != null) {
        open.fail();
      }
      pass(begin(current, request, response), request, response, chain);
    }
  }

  /** A request stays with the collector that was installed when it began. */
  private EventCollector currentCollector() {
    return collector == EventCollector.threadSingletonInstance()
        ? EventCollectors.current()
        : collector;
  }

  private RequestUnit begin(
      EventCollector current, ServletRequest request, ServletResponse response)
      throws ServletException {
    if (request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse) {
      return RequestUnit.begin(current, settings, httpRequest, httpResponse);
    }
    throw new ServletException("only HTTP requests can be filtered, but this is " + request);
  }

  private static void pass(
      RequestUnit unit, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean asyncBefore = request.isAsyncStarted();
    ServletResponse seenResponse = unit.responseFor(response);
    ServletRequest seenRequest = unit.requestFor(request, seenResponse);
    boolean failed = true;
    unit.beginPass(request.getDispatcherType() == DispatcherType.ASYNC);
    try (UnitOfWork.Binding bound = unit.bind()) {
      chain.doFilter(seenRequest, seenResponse);
      failed = false;
    } finally {
      boolean ends;
      try {
        if (failed) {
          unit.fail();
        }
        if (!asyncBefore) {
          UnitAsyncListener.noticeUnwrapped(request, response, unit);
        }
      } finally {
        ends = unit.endPass();
      }
      if (ends) {
        finish(unit, !failed);
      }
    }
  }

  private static void finish(RequestUnit unit, boolean succeeded) {
    try {
      unit.finish(succeeded);
    } catch (RuntimeException thrown) {
      if (unit.isAsyncStarted()) { // after complete() the container takes no notice of exceptions
        unit.answerFailure();
      }
      throw thrown;
    }
  }

  /** What an event that the broker does not confirm means for the response. */
  public enum Mode {
    /**
     * Nothing: the response stands, and the event is owed, to be tried again until it is confirmed
     * or given up.
     */
    KEEP,

    /**
     * The response says that all events were confirmed. When they were not in time, and the
     * response is not committed, it is 503 with {@code Retry-After} instead (RFC 9110, sections
     * 15.6.4 and 10.2.3), by {@code sendError}, so that an error page for it is used. Headers that
     * do not tell of the body are kept. Whatever the application goes on to write leads nowhere.
     *
     * <p>Events that were not confirmed stay owed all the same, unless {@link
     * EventPublishingFilterBuilder#withdrawUnconfirmed} says otherwise. For the 503 undoes nothing:
     * when it is sent, a transaction that the request made has long been committed, and an event
     * that is withdrawn then is lost unless the client does come again. If it comes, the same thing
     * is told twice, which the receiver can notice when the event's id is made from the request.
     * Withdraw them where the request does nothing but enqueue, or where doing it again is harmless
     * and sure to happen: a webhook whose sender retries. Even then an event may arrive twice, as
     * one that is not confirmed may have been delivered, and one that is just being retried cannot
     * be withdrawn.
     *
     * <p>Events that are collected after the commit cannot change the response; that they were not
     * confirmed is logged, and they stay owed. Events that are collected after the 503 are dropped.
     */
    REQUIRE
  }

  /**
   * Decides whether a request that threw nothing was a success. Must be safe for use by many
   * threads.
   */
  @FunctionalInterface
  public interface SuccessRule {
    /**
     * Called when the response is about to be committed and at the end of the request, once or
     * several times.
     *
     * @param request may have attributes that the application has set for this purpose
     * @param status of the response
     * @return whether what was collected is to be published
     */
    boolean isSuccess(HttpServletRequest request, int status);
  }
}
