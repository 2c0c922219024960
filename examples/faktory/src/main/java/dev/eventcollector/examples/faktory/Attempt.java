package dev.eventcollector.examples.faktory;

import dev.eventcollector.EventCollector;
import dev.eventcollector.PublishReport;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One attempt to handle a job: the handler in a unit of work, then its events confirmed. */
final class Attempt {

  private final WorkerSettings settings;
  private final ScheduledExecutorService timer;

  Attempt(WorkerSettings settings, ScheduledExecutorService timer) {
    this.settings = settings;
    this.timer = timer;
  }

  AttemptResult make(RunningJob running) {
    EventCollector events = settings.collector();
    try (UnitOfWork unit = events.newUnitOfWork()) {
      try (UnitOfWork.Binding bound = unit.bind()) {
        handleInTime(running, events);
      }
      if (!running.claim()) {
        return new AttemptResult.Abandoned(); // and the unit is cleared
      }
      return confirmed(unit.publish(), running);
    } catch (TooManyPendingEventsException e) {
      return running.isClaimed()
          ? new AttemptResult.Abandoned()
          : new AttemptResult.Environment(FailureReport.of(e));
    } catch (Throwable e) { // errors too: what killed this job must not stop the queue
      return new AttemptResult.Failed(e, FailureReport.of(e));
    }
  }

  private AttemptResult confirmed(PublishReport report, RunningJob running) {
    if (report.allConfirmed()) {
      return new AttemptResult.Done();
    }
    settings.collector().withdraw(report); // the next attempt will enqueue its events anew
    FailureReport failure = FailureReport.of("EventsNotConfirmed", reason(report));
    return new AttemptResult.Environment(failure);
  }

  /** Not the report's own words: what it calls owed is withdrawn here. */
  private static String reason(PublishReport report) {
    PublishReport.Unconfirmed first = report.unconfirmed().get(0);
    return "%d of its %d events were not confirmed; the first: %s %s %s"
        .formatted(
            report.unconfirmed().size(),
            report.total(),
            first.event().queue(),
            first.event().id(),
            first.outcome());
  }

  private void handleInTime(RunningJob running, EventCollector events) throws Exception {
    Duration left = running.timeLeft();
    Duration limit = settings.attemptTimeout().compareTo(left) < 0 ? settings.attemptTimeout() : left;
    if (!running.beginInterruptible()) {
      throw new StoppedException("the worker was stopped before it could handle the job", null);
    }
    ScheduledFuture<?> timeout =
        timer.schedule(running::interrupt, limit.toNanos(), TimeUnit.NANOSECONDS);
    @Nullable Exception thrown = null;
    try {
      settings.handler().handle(running.job().delivery(), events);
    } catch (Exception e) {
      thrown = e;
    } finally {
      timeout.cancel(false);
      boolean interrupted = running.endInterruptible();
      if (interrupted && !running.isStopped()) {
        throw new AttemptTimeoutException(limit, thrown);
      }
      if (interrupted && thrown != null) {
        throw new StoppedException("the worker was stopped while it handled the job", thrown);
      }
    }
    if (thrown != null) {
      throw thrown;
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
