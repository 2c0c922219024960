package dev.eventcollector.examples.faktory;

import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitsOfWork;
import dev.eventcollector.examples.faktory.AttemptResult.Trouble;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the events of a job to be confirmed: Faktory has no way of giving a job back, and a
 * failure uses up one of its retries. So a job whose events are owed is held, with its work done,
 * until its reservation is nearly over.
 */
final class Confirmation {

  private static final Logger LOGGER = LoggerFactory.getLogger(FaktoryWorker.class);

  /** Looks that often whether only refusals are left, for which waiting is no use. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final WorkerSettings settings;

  Confirmation(WorkerSettings settings) {
    this.settings = settings;
  }

  AttemptResult await(PublishReport published, RunningJob running) {
    if (published.allSafe()) {
      return new AttemptResult.Done();
    }
    UnitsOfWork units = settings.collector().unitsOfWork();
    PublishReport report =
        hasTransportTrouble(published) ? hold(units, published, running) : published;
    if (report.allSafe()) {
      return new AttemptResult.Done();
    }
    units.withdraw(report); // the next attempt will enqueue its events anew
    FailureReport failure = FailureReport.of("EventsNotConfirmed", reason(report));
    return hasTransportTrouble(report)
        ? new AttemptResult.Environment(Trouble.NOT_CONFIRMED, failure)
        : new AttemptResult.Failed(new IllegalStateException(failure.message()), failure);
  }

  private PublishReport hold(UnitsOfWork units, PublishReport published, RunningJob running) {
    LOGGER.warn("{} is held, because {}", running.job().delivery(), reason(published));
    long start = settings.clock().getAsLong();
    PublishReport report = published;
    boolean mayWait = running.beginInterruptible();
    while (mayWait && report.owed() > 0 && hasTransportTrouble(report)) {
      Duration held = Duration.ofNanos(settings.clock().getAsLong() - start);
      Duration left = least(settings.holdTimeout().minus(held), running.timeLeft());
      if (left.isNegative() || left.isZero()) {
        break;
      }
      report = units.await(report, least(left, LOOK));
      mayWait = !Thread.currentThread().isInterrupted();
    }
    running.endInterruptible();
    return units.await(report, Duration.ZERO);
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static boolean hasTransportTrouble(PublishReport report) {
    return report.unconfirmed().stream().anyMatch(u -> u.outcome().status().isTransportTrouble());
  }

  /** Not the report's own words: what it calls owed is withdrawn here. */
  private static String reason(PublishReport report) {
    PublishReport.Unconfirmed first = report.unconfirmed().get(0);
    return String.format(
        Locale.ROOT,
        "%d of its %d events were not confirmed; the first: %s %s %s",
        report.unconfirmed().size(),
        report.total(),
        first.event().queue(),
        first.event().id(),
        first.outcome());
  }
}
