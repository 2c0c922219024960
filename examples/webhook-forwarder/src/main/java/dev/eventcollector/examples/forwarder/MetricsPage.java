package dev.eventcollector.examples.forwarder;

import java.util.Locale;
import java.util.Map;

/** What /metrics says, in Prometheus' text format. */
final class MetricsPage {

  private static final double NANOS_PER_SECOND = 1e9;

  private final StringBuilder page = new StringBuilder(2048);

  private MetricsPage() {}

  static String of(
      Totals totals, RecordBuffer.State buffer, SinkHealth sink, Map<Integer, Long> answers) {
    MetricsPage page = new MetricsPage();
    page.counter("records_received_total", "Records accepted by POST /log.", totals.received());
    page.counter("records_forwarded_total", "Records that the sink accepted.", totals.forwarded());
    page.counter("records_lost_total", "Records given up without a spool file.", totals.lost());
    page.counter(
        "records_set_aside_total", "Records that the sink refused alone.", totals.setAside());
    page.gauge("records_held", "Records in memory, not forwarded yet.", totals.held());
    page.gauge("records_spooled", "Records in the spool file.", totals.spooled());
    page.gauge(
        "records_found_in_spool", "Records in the spool file at start.", totals.foundInSpool());
    page.gauge("buffer_records_limit", "Records that may be held.", buffer.maxRecords());
    page.gauge("buffer_bytes", "Bytes that held and incoming records occupy.", buffer.bytes());
    page.gauge("buffer_bytes_limit", "Bytes that may be occupied.", buffer.maxBytes());
    page.name("requests_total", "Answers to requests, by status.", "counter");
    answers.forEach(
        (status, count) -> page.value("requests_total{status=\"" + status + "\"}", count));
    long accepted = sink.accepted.sum();
    long failed = sink.failed.sum();
    page.name("posts_total", "Batches posted, every attempt, by result.", "counter");
    page.value("posts_total{result=\"accepted\"}", accepted);
    page.value("posts_total{result=\"failed\"}", failed);
    page.name("post_duration_seconds", "How long posts took, answer included.", "summary");
    page.value(
        "post_duration_seconds_sum",
        String.format(Locale.ROOT, "%.6f", sink.nanos.sum() / NANOS_PER_SECOND));
    page.value("post_duration_seconds_count", accepted + failed);
    return page.page.toString();
  }

  private void counter(String name, String meaning, long value) {
    name(name, meaning, "counter");
    value(name, value);
  }

  private void gauge(String name, String meaning, long value) {
    name(name, meaning, "gauge");
    value(name, value);
  }

  private void name(String name, String meaning, String type) {
    page.append("# HELP webhook_forwarder_").append(name).append(' ').append(meaning);
    page.append("\n# TYPE webhook_forwarder_").append(name).append(' ').append(type).append('\n');
  }

  private void value(String name, Object value) {
    page.append("webhook_forwarder_").append(name).append(' ').append(value).append('\n');
  }
}
