package dev.eventcollector.examples.faktory;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.EventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.examples.faktory.AttemptResult.Trouble;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt to handle a job: the handler in a unit of work, then its events confirmed. */
final class Attempt {

  private static final int MAX_CAUSES = 20;

  private final WorkerSettings settings;
  private final Confirmation confirmation;
  private final ScheduledExecutorService timer;

  Attempt(WorkerSettings settings, ScheduledExecutorService timer) {
    this.settings = settings;
    this.confirmation = new Confirmation(settings);
    this.timer = timer;
  }

  /**
   * Makes the attempt. When the answer was given by somebody else meanwhile, nothing is published.
   */
  AttemptResult make(RunningJob running) {
    EventCollector events = settings.collector();
    try (UnitOfWork unit = events.unitsOfWork().begin()) {
      try (UnitOfWork.Binding bound = unit.bind()) {
        handleInTime(running, events);
      }
      if (!running.claim()) {
        unit.clear();
        return new AttemptResult.Done();
      }
      return confirmation.await(unit.publish(), running);
    } catch (Throwable e) { // errors too: what killed this job must not stop the queue
      FailureReport report = FailureReport.of(e);
      Trouble trouble = trouble(e);
      return trouble == null
          ? new AttemptResult.Failed(e, report)
          : new AttemptResult.Environment(trouble, report);
    }
  }

  /** The exception that the collector has thrown, even if the handler has wrapped it. */
  private static @Nullable Trouble trouble(Throwable failure) {
    Throwable one = failure;
    for (int i = 0; one != null && i < MAX_CAUSES; i++) {
      if (one instanceof TooManyPendingEventsException) {
        return Trouble.COLLECTOR_FULL;
      }
      if (one instanceof CollectorClosedException) {
        return Trouble.COLLECTOR_CLOSED;
      }
      one = Reasons.causeOf(one);
    }
    return null;
  }

  private void handleInTime(RunningJob running, EventCollector events) throws Exception {
    Duration left = running.timeLeft();
    Duration limit =
        settings.attemptTimeout().compareTo(left) < 0 ? settings.attemptTimeout() : left;
    if (limit.isZero()) {
      throw new AttemptTimeoutException(limit, null);
    }
    if (!running.beginInterruptible()) {
      throw new StoppedException("the worker was stopped before it could handle the job", null);
    }
    ScheduledFuture<?> timeout =
        timer.schedule(running::interrupt, limit.toNanos(), TimeUnit.NANOSECONDS);
    @Nullable Throwable thrown = null;
    try {
      settings.handler().handle(running.job().delivery(), events);
    } catch (Throwable e) { // whatever it is, the interrupt must not outlive the handler
      thrown = e;
    }
    timeout.cancel(false);
    boolean interrupted = running.endInterruptible();
    if (interrupted && !running.isStopped()) {
      throw new AttemptTimeoutException(limit, thrown);
    }
    if (interrupted && thrown != null) {
      throw new StoppedException("the worker was stopped while it handled the job", thrown);
    }
    rethrow(thrown);
  }

  private static void rethrow(@Nullable Throwable thrown) throws Exception {
    if (thrown instanceof Exception exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw new IllegalStateException("neither an exception nor an error was thrown", thrown);
    }
  }

  /** Its class names it in Faktory's pages. */
  static final class AttemptTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    AttemptTimeoutException(Duration timeout, @Nullable Throwable cause) {
      super(
          "the handler took longer than "
              + timeout
              + " (attemptTimeout, or what the job's reservation leaves)",
          cause);
    }
  }

  /** Likewise. */
  static final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    StoppedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
