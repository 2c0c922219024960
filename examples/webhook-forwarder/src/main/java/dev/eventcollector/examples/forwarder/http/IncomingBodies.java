package dev.eventcollector.examples.forwarder.http;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of bodies that have begun and not ended. It is apart from the buffer, so that
 * unfinished bodies take no room from records. Safe for use by many threads.
 */
final class IncomingBodies {

  private final long limit;
  private final AtomicLong bytes = new AtomicLong();

  IncomingBodies(long limit) {
    this.limit = limit;
  }

  boolean tryTake(long more) {
    if (bytes.addAndGet(more) <= limit) {
      return true;
    }
    giveBack(more);
    return false;
  }

  void giveBack(long taken) {
    bytes.addAndGet(-taken);
  }

  long bytes() {
    return bytes.get();
  }

  long limit() {
    return limit;
  }
}
