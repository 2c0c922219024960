package dev.eventcollector.examples.forwarder.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts answers by status. */
final class RequestCounts {

  private final MeterRegistry registry;
  private final Map<Integer, Counter> byStatus = new ConcurrentHashMap<>();

  RequestCounts(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(int status) {
    byStatus.computeIfAbsent(status, this::counter).increment();
  }

  private Counter counter(int status) {
    return Counter.builder("webhook.forwarder.requests")
        .description("Answers to requests, by status.")
        .tag("status", String.valueOf(status))
        .register(registry);
  }
}
