package dev.eventcollector.examples.forwarder.http;

import dev.eventcollector.examples.forwarder.forwarding.Batching;
import dev.eventcollector.examples.forwarder.forwarding.Forwarding;
import dev.eventcollector.examples.forwarder.sink.SinkHealth;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The meters of records, buffers and posts on /metrics. */
final class Meters {

  private static final String PREFIX = "webhook.forwarder.";

  private final MeterRegistry registry;

  Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  void show(Forwarding forwarding, IncomingBodies incoming, SinkHealth health) {
    showRecords(forwarding);
    showBuffers(forwarding, incoming);
    showPosts(health);
  }

  private void showRecords(Forwarding records) {
    count(
        "records.received", "Records accepted by POST /log.", records, r -> r.totals().received());
    count(
        "records.forwarded", "Records accepted by the sink.", records, r -> r.totals().forwarded());
    count("records.lost", "Records given up without a spool.", records, r -> r.totals().lost());
    count(
        "records.set.aside", "Records that the sink refuses.", records, r -> r.totals().setAside());
    gauge("records.held", "Records in memory.", records, r -> r.totals().held());
    gauge("records.spooled", "Records in the spool file.", records, r -> r.totals().spooled());
    gauge("records.found.in.spool", "The same, at start.", records, r -> r.totals().foundInSpool());
  }

  private void showBuffers(Forwarding forwarding, IncomingBodies incoming) {
    Batching limits = forwarding.limits();
    gauge("buffer.records.limit", "Records that may be held.", limits, Batching::bufferRecords);
    gauge("buffer.bytes", "Bytes that held records occupy.", forwarding, Forwarding::bytesHeld);
    gauge("buffer.bytes.limit", "Bytes that may be occupied.", limits, Batching::bufferBytes);
    gauge("incoming.bytes", "Bytes of bodies coming in.", incoming, IncomingBodies::bytes);
    gauge("incoming.bytes.limit", "The most of them.", incoming, IncomingBodies::limit);
  }

  private void showPosts(SinkHealth health) {
    count("accepted", health, h -> h.posts().accepted());
    count("failed", health, h -> h.posts().failed());
    FunctionTimer.builder(
            PREFIX + "post.duration",
            health,
            h -> h.posts().accepted() + h.posts().failed(),
            h -> h.posts().nanos(),
            TimeUnit.NANOSECONDS)
        .description("How long posts took, answer included.")
        .register(registry);
  }

  private void count(String result, SinkHealth health, ToDoubleFunction<SinkHealth> value) {
    FunctionCounter.builder(PREFIX + "posts", health, value)
        .description("Batches posted, every attempt, by result.")
        .tag("result", result)
        .register(registry);
  }

  private <T> void count(String name, String meaning, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(PREFIX + name, of, value).description(meaning).register(registry);
  }

  private <T> void gauge(String name, String meaning, T of, ToDoubleFunction<T> value) {
    Gauge.builder(PREFIX + name, of, value)
        .description(meaning)
        .strongReference(true)
        .register(registry);
  }
}
