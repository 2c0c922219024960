package dev.eventcollector.rabbitmq;

import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishReport.Fate;
import dev.eventcollector.PublishReport.Unconfirmed;
import java.util.Locale;

/** Interprets a report for the delivery that its events belong to. */
final class Reports {

  private Reports() {}

  /** Whether an event was not confirmed for a reason that could affect any event. */
  static boolean isTransportTrouble(PublishReport report) {
    for (Unconfirmed one : report.unconfirmed()) {
      if (one.outcome().status().isTransportTrouble()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the broker refused an event until the collector gave it up. */
  static boolean isRefusedForGood(PublishReport report) {
    for (Unconfirmed one : report.unconfirmed()) {
      if (one.fate() == Fate.UNDELIVERABLE && !one.outcome().status().isTransportTrouble()) {
        return true;
      }
    }
    return false;
  }

  /** Whether an event was withdrawn, and none is being tried any more. */
  static boolean isWithdrawn(PublishReport report) {
    return report.owed() == 0
        && report.unconfirmed().stream().anyMatch(one -> one.fate() == Fate.WITHDRAWN);
  }

  /** Not the report's own text: its owed events may be withdrawn by now. */
  static String reason(PublishReport report) {
    Unconfirmed first = report.unconfirmed().get(0);
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
