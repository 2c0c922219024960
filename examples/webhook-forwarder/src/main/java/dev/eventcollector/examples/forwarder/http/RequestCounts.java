package dev.eventcollector.examples.forwarder.http;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers by status. */
final class RequestCounts {

  private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

  void count(int status) {
    byStatus.computeIfAbsent(status, first -> new LongAdder()).increment();
  }

  Map<Integer, Long> byStatus() {
    Map<Integer, Long> counts = new TreeMap<>();
    byStatus.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }
}
