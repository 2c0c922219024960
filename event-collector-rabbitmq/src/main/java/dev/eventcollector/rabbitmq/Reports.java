package dev.eventcollector.rabbitmq;

import dev.eventcollector.PublishReport;
import dev.eventcollector.PublishReport.Fate;
import dev.eventcollector.PublishReport.Unconfirmed;

/** Reads what a report says about the delivery whose events it is of. */
final class Reports {

  private Reports() {}

  /** Whether an event was not confirmed that might as well have been any other. */
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

  /** Not the report's own words: what it calls owed may be withdrawn by now. */
  static String reason(PublishReport report) {
    Unconfirmed first = report.unconfirmed().get(0);
    return "%d of its %d events were not confirmed; the first: %s %s %s"
        .formatted(
            report.unconfirmed().size(),
            report.total(),
            first.event().queue(),
            first.event().id(),
            first.outcome());
  }
}
