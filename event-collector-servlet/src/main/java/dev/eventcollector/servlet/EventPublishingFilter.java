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
 * Makes every request a unit of work: publishes its events when the request has succeeded, and
 * drops them when it has failed.
 *
 * <pre>{@code
 * var events = servletContext.addFilter("events", new EventPublishingFilter(collector));
 * events.setAsyncSupported(true);
 * events.addMappingForUrlPatterns(EnumSet.of(REQUEST, FORWARD, ASYNC, ERROR), false, "/*");
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
 *   <dispatcher>REQUEST</dispatcher><dispatcher>FORWARD</dispatcher>
 *   <dispatcher>ASYNC</dispatcher><dispatcher>ERROR</dispatcher>
 * </filter-mapping>
 * }</pre>
 *
 * <p>By annotation, on a class of the web app:
 *
 * <pre>{@code
 * @WebFilter(
 *     urlPatterns = "/*",
 *     asyncSupported = true,
 *     dispatcherTypes = {REQUEST, FORWARD, ASYNC, ERROR})
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
 * whether by {@code setStatus} or {@code sendError}; so redirects are successes. The statuses are
 * configurable.
 *
 * <h2>When events are published</h2>
 *
 * Before the response is committed, or at the end of the request if it is not committed earlier.
 * The status line tells the client that its request has succeeded, and cannot be taken back; so all
 * events collected until then are published first. This suits a response that is written after its
 * work: a client that disconnects during the answer no longer turns finished work into a failure,
 * and {@link Mode#REQUIRE} can still change the answer. A flush, a redirect, the closing of its
 * stream or writer, or a body that fills the buffer commits a response.
 *
 * <p>A response that is streamed while the work goes on is committed in the middle of it. Events
 * collected afterwards are published at the end of the request, or dropped if that throws; events
 * published at the commit stay published, as the status stays. If such a request must be all or
 * nothing, set {@code publishBeforeCommit} to false: all events are then published at its end,
 * possibly after the client got its answer. If it never ends, let it call {@link
 * EventCollector#publish()} from time to time.
 *
 * <p>Publishing waits for the broker at most the collector's publish timeout, on the thread that
 * writes the response. The first write of non-blocking output counts as the commit. The container
 * gets a content length only at the commit, because some containers commit a response as soon as
 * its content is complete.
 *
 * <h2>Asynchronous requests</h2>
 *
 * The unit of work stays open until the asynchronous request is completed, over all its dispatches
 * and threads (Servlet 6.0, section 2.3.3.3); a timeout fails it unless a listener turns it into a
 * success. Events are published before {@code complete()} does its work. Work that the container
 * starts with {@link jakarta.servlet.AsyncContext#start} collects into the unit; on the
 * application's own threads, {@link #bind} does that. Map the filter to {@code ASYNC} dispatches;
 * otherwise events collected in these belong to no request.
 *
 * <h2>Dispatches</h2>
 *
 * Forwards and includes belong to the request that makes them. A forward ends the response when it
 * returns (Servlet 6.0, section 9.4), in Tomcat beneath the filter's wrapper. So {@link
 * Mode#REQUIRE} publishes before that, and needs the filter mapped to {@code FORWARD}. An error
 * dispatch is a unit of its own, if the filter is mapped to it: the events of the failed request
 * are gone, and those of the error page are published if its own status is a success. A filter
 * registered twice for the same collector works once, with the settings of the first one. A request
 * that upgrades its connection ends with the upgrade; {@link Mode#REQUIRE} cannot refuse it.
 *
 * <p>Safe for use by many threads. Extend it only to annotate it.
 */
public class EventPublishingFilter implements Filter {

  private final EventCollector collector;

  /** Set before the first request is passed (Servlet 6.0, section 6.2.1). */
  private FilterSettings settings;

  /**
   * With default settings, for the {@linkplain EventCollector#threadSingletonInstance() collector
   * of the thread}, which must be installed before the first request.
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

  /** A builder for a filter. */
  public static EventPublishingFilterBuilder builder() {
    return new EventPublishingFilterBuilder(FilterSettings.DEFAULTS);
  }

  /**
   * Reads the init parameters, which take precedence over earlier settings.
   *
   * @throws ServletException when parameters are wrong; the message names each with its value and
   *     the rule it breaks. It stops the deployment if the container creates its filters then,
   *     otherwise the first request (Undertow, unless {@code setEagerFilterInit} changes that)
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    settings = InitParameters.read(config, settings);
  }

  /**
   * Makes the calling thread collect into the request's unit of work, until the binding is closed
   * on the same thread. For an asynchronous request that continues on a thread of the application:
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
   * @param request the request that the application got
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
   * @throws ServletException when it is not an HTTP request, or when the rest of the chain throws
   *     it
   * @throws IllegalStateException when the collector is the thread's and none is installed
   */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    EventCollector current = currentCollector();
    RequestUnit open = OpenUnits.ofDispatch(request, current);
    if (open != null && open.isPassing()) {
      passAgain(open, request, response, chain);
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

  private static void passAgain(
      RequestUnit unit, ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean forwarded = request.getDispatcherType() == DispatcherType.FORWARD;
    if (forwarded) {
      unit.beginForward();
    }
    chain.doFilter(request, response);
    if (forwarded && !request.isAsyncStarted()) {
      unit.endForward();
    }
  }

  private static void finish(RequestUnit unit, boolean succeeded) {
    try {
      unit.finish(succeeded);
    } catch (RuntimeException thrown) {
      if (unit.isAsyncStarted()) { // after complete() the container ignores exceptions
        unit.answerFailure();
      }
      throw thrown;
    }
  }

  /** The effect of an unconfirmed event on the response. */
  public enum Mode {
    /**
     * None: the response stands, and the event is owed and retried until it is confirmed or given
     * up.
     */
    KEEP,

    /**
     * The response asserts that all events were confirmed. If they were not in time, and the
     * response is not committed, it becomes a 503 with {@code Retry-After} (RFC 9110, sections
     * 15.6.4 and 10.2.3). {@code sendError} sends it, so that its error page is used. Headers that
     * do not describe the body are kept. Later output of the application is discarded.
     *
     * <p>Unconfirmed events still stay owed, unless {@link
     * EventPublishingFilterBuilder#withdrawUnconfirmed} is set. The 503 undoes nothing: the
     * request's transactions were committed long before. A withdrawn event is lost unless the
     * client retries. If an event stays owed and the client retries, consumers get it twice; they
     * can detect that if the event's id derives from the request. Withdraw events if the request
     * only enqueues, or if its repetition is harmless and certain: a webhook whose sender retries.
     * Even then an event may arrive twice: an unconfirmed one may have been delivered, and one
     * being retried cannot be withdrawn.
     *
     * <p>Events collected after the commit cannot change the response; if they are not confirmed,
     * this is logged and they stay owed. Events collected after the 503 are dropped.
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
     * @param request may have attributes that the application set for this purpose
     * @param status of the response
     * @return whether to publish the collected events
     */
    boolean isSuccess(HttpServletRequest request, int status);
  }
}
