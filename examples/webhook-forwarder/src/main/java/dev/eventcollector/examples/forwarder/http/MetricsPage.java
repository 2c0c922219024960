package dev.eventcollector.examples.forwarder.http;

import dev.eventcollector.examples.forwarder.forwarding.Batching;
import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.forwarding.Totals;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import java.util.Locale;
import java.util.Map;

/** What /metrics says, in Prometheus' text format. */
final class MetricsPage {

  private static final double NANOS_PER_SECOND = 1e9;

  private final StringBuilder page = new StringBuilder(2048);

  private MetricsPage() {}

  static String of(
      Forwarding forwarding,
      IncomingBodies incoming,
      SinkHealth.Posts posts,
      Map<Integer, Long> answers) {
    MetricsPage page = new MetricsPage();
    Totals totals = forwarding.totals();
    Batching limits = forwarding.limits();
    page.counter("records_received_total", "Records accepted by POST /log.", totals.received());
    page.counter("records_forwarded_total", "Records that the sink accepted.", totals.forwarded());
    page.counter("records_lost_total", "Records given up without a spool file.", totals.lost());
    page.counter("records_set_aside_total", "Records that the sink refuses.", totals.setAside());
    page.gauge("records_held", "Records in memory, not forwarded yet.", totals.held());
    page.gauge("records_spooled", "Records in the spool file.", totals.spooled());
    page.gauge(
        "records_found_in_spool", "Records in the spool file at start.", totals.foundInSpool());
    page.gauge("buffer_records_limit", "Records that may be held.", limits.bufferRecords());
    page.gauge("buffer_bytes", "Bytes that held records occupy.", forwarding.bytesHeld());
    page.gauge("buffer_bytes_limit", "Bytes that may be occupied.", limits.bufferBytes());
    page.gauge("incoming_bytes", "Bytes of bodies that are coming in.", incoming.bytes());
    page.gauge("incoming_bytes_limit", "Bytes that such bodies may have.", incoming.limit());
    page.name("requests_total", "Answers to requests, by status.", "counter");
    answers.forEach(
        (status, count) -> page.value("requests_total{status=\"" + status + "\"}", count));
    page.name("posts_total", "Batches posted, every attempt, by result.", "counter");
    page.value("posts_total{result=\"accepted\"}", posts.accepted());
    page.value("posts_total{result=\"failed\"}", posts.failed());
    page.name("post_duration_seconds", "How long posts took, answer included.", "summary");
    page.value(
        "post_duration_seconds_sum",
        String.format(Locale.ROOT, "%.6f", posts.nanos() / NANOS_PER_SECOND));
    page.value("post_duration_seconds_count", posts.accepted() + posts.failed());
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
