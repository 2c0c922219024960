package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import dev.eventcollector.EventsNotConfirmedException;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One attempt to handle a delivery: the handler in a unit of work, then its events confirmed. */
final class Attempt {

  private final WorkerSettings settings;
  private final ScheduledExecutorService timer;

  Attempt(WorkerSettings settings, ScheduledExecutorService timer) {
    this.settings = settings;
    this.timer = timer;
  }

  /**
   * Makes the attempt.
   *
   * @return null when it succeeded
   * @throws IOException when the handler succeeded and the transport did not, which says nothing
   *     about the delivery
   */
  @Nullable Failure make(Delivery delivery) throws IOException {
    EventCollector events = settings.collector();
    try (UnitOfWork unit = events.unitsOfWork().begin()) {
      try (UnitOfWork.Binding bound = unit.bind()) {
        handleInTime(delivery, events);
      }
      unit.publishOrThrow();
      return null;
    } catch (EventsNotConfirmedException e) {
      PublishReport report = e.report();
      events.withdraw(report); // the next attempt will enqueue its events anew
      if (report.unconfirmed().stream().anyMatch(u -> u.outcome().status().isTransportTrouble())) {
        throw new IOException(reason(report), e);
      }
      return new Failure(reason(report), null);
    } catch (Throwable e) { // errors too: what killed this delivery must not stop the queue
      return Failure.of(e);
    }
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

  private void handleInTime(Delivery delivery, EventCollector events) throws Exception {
    Thread thread = Thread.currentThread();
    Object turn = new Object();
    AtomicBoolean over = new AtomicBoolean();
    AtomicBoolean timedOut = new AtomicBoolean();
    ScheduledFuture<?> timeout =
        timer.schedule(
            () -> {
              synchronized (turn) { // so that the interrupt does not hit what comes after
                if (!over.get()) {
                  timedOut.set(true);
                  thread.interrupt();
                }
              }
            },
            settings.attemptTimeout().toNanos(),
            TimeUnit.NANOSECONDS);
    try {
      settings.handler().handle(delivery, events);
    } catch (Exception e) {
      if (timedOut.get()) {
        throw new AttemptTimeoutException(settings.attemptTimeout(), e);
      }
      throw e;
    } finally {
      synchronized (turn) {
        over.set(true);
      }
      timeout.cancel(false);
      if (timedOut.get()) {
        Thread.interrupted();
      }
    }
    if (timedOut.get()) {
      throw new AttemptTimeoutException(settings.attemptTimeout(), null);
    }
  }

  private static final class AttemptTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    AttemptTimeoutException(Duration timeout, @Nullable Throwable cause) {
      super("the handler took longer than " + timeout + " (attemptTimeout)", cause);
    }

    @Override
    public String toString() {
      return String.valueOf(getMessage());
    }
  }
}
