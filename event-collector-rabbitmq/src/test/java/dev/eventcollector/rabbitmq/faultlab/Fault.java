package dev.eventcollector.rabbitmq.faultlab;

import java.util.concurrent.TimeUnit;

/** A fault in one direction of a connection. Each has an identity of its own. */
final class Fault {

  static final Fault NONE = new Fault(Long.MAX_VALUE);
  static final Fault STALL = new Fault(Long.MAX_VALUE);
  static final Fault SWALLOW = new Fault(Long.MAX_VALUE);
  private static final int READS_PER_SECOND = 20;

  private final long bytesPerSecond;

  private Fault(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  static Fault slow(long bytesPerSecond) {
    return new Fault(bytesPerSecond);
  }

  /** How long so many bytes have to take. */
  long nanosFor(int count) {
    return count * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
  }

  /** How many bytes to read at a time, so that a slow connection is slow all the time. */
  int readSize() {
    return (int) Math.max(1, Math.min(FaultProxy.BUFFER_BYTES, bytesPerSecond / READS_PER_SECOND));
  }
}
