package dev.eventcollector.benchmarks;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids as cheap as ours, so that a comparison is not won by them: random bits, then a counter. */
final class UniqueIds {

  private final String prefix = UUID.randomUUID() + "-";
  private final AtomicLong counter = new AtomicLong();

  String next() {
    return prefix.concat(Long.toString(counter.incrementAndGet(), Character.MAX_RADIX));
  }
}
