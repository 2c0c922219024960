package dev.eventcollector.examples.webhooks.history;

import dev.eventcollector.CollectorState;
import dev.eventcollector.examples.webhooks.history.Counters.Handling;
import java.util.Locale;
import java.util.Map;

/** The app's numbers as Prometheus reads them (text exposition format 0.0.4). */
public final class Metrics {

  private final StringBuilder text = new StringBuilder();

  private Metrics() {}

  public static String text(Counters counters, CollectorState state) {
    Metrics metrics = new Metrics();
    metrics.family(
        "webhooks_answers_total",
        "Requests to the webhook, by the status of the answer.",
        "status",
        counters.answers.counts());
    metrics.family(
        "webhooks_deliveries_handled_total",
        "Deliveries that came out of the queue, by how their handling ended.",
        "outcome",
        counters.handled.counts());
    metrics.counter(
        "webhooks_deliveries_requeued_total",
        "Dead deliveries that somebody has put back into the queue.",
        counters.requeued.sum());
    metrics.head(
        "webhooks_handling_seconds", "How long deliveries took that were completed.", "summary");
    metrics.line("webhooks_handling_seconds_sum", counters.handlingNanos.sum() / 1e9);
    metrics.line("webhooks_handling_seconds_count", counters.handled.count(Handling.COMPLETED));
    metrics.family(
        "events_enqueued_total", "Events collected.", "queue", counters.enqueued.counts());
    metrics.family(
        "events_confirmed_total",
        "Events that the broker has confirmed.",
        "queue",
        counters.confirmed.counts());
    metrics.counter("events_cleared_total", "Events dropped by a rollback.", state.cleared());
    metrics.counter(
        "events_withdrawn_total", "Events withdrawn from the backlog.", state.withdrawn());
    metrics.counter("events_undeliverable_total", "Events given up.", state.undeliverable());
    metrics.gauge("events_collected", "Events in open units of work.", state.collected());
    metrics.gauge("events_owed", "Events published but not confirmed.", state.owed());
    metrics.gauge(
        "events_pending_bytes", "What pending events occupy in memory.", state.pendingBytes());
    metrics.gauge(
        "publisher_available",
        "1 unless the broker is known to be unavailable.",
        state.available() ? 1 : 0);
    return metrics.text.toString();
  }

  private void family(String name, String help, String label, Map<?, Long> counts) {
    head(name, help, "counter");
    counts.forEach(
        (kind, count) ->
            text.append(name)
                .append('{')
                .append(label)
                .append("=\"")
                .append(String.valueOf(kind).toLowerCase(Locale.ROOT))
                .append("\"} ")
                .append(count)
                .append('\n'));
  }

  private void counter(String name, String help, long value) {
    head(name, help, "counter");
    line(name, value);
  }

  private void gauge(String name, String help, long value) {
    head(name, help, "gauge");
    line(name, value);
  }

  private void line(String name, Number value) {
    text.append(name).append(' ').append(value).append('\n');
  }

  private void head(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
