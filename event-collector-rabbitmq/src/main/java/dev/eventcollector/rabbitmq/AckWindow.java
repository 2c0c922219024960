package dev.eventcollector.rabbitmq;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Tracks the settled deliveries of one channel and writes the frames for them: first the returned
 * ones, then one acknowledgement for the settled prefix, then one for each delivery beyond it. A
 * multiple acknowledgement never reaches past the first open delivery.
 *
 * <p>Not safe for use by many threads.
 */
final class AckWindow {

  /** Everything up to this delivery tag is settled. RabbitMQ counts tags from 1. */
  private long base;

  /** Settled tags beyond the base; the first bit stands for {@code base + 1}. */
  private BitSet settled = new BitSet();

  private long[] acks = new long[16];
  private int ackCount;
  private long[] nacks = new long[4];
  private int nackCount;

  /** Settles a delivery by acknowledgement. Does nothing if it is settled. */
  void ack(long tag) {
    if (settle(tag)) {
      if (ackCount == acks.length) {
        acks = Arrays.copyOf(acks, 2 * ackCount);
      }
      acks[ackCount++] = tag;
    }
  }

  /** Settles a delivery by returning it to the queue. Does nothing if it is settled. */
  void nack(long tag) {
    if (settle(tag)) {
      if (nackCount == nacks.length) {
        nacks = Arrays.copyOf(nacks, 2 * nackCount);
      }
      nacks[nackCount++] = tag;
    }
  }

  private boolean settle(long tag) {
    if (tag <= base || settled.get(bit(tag))) {
      return false;
    }
    settled.set(bit(tag));
    return true;
  }

  private int bit(long tag) {
    return Math.toIntExact(tag - base - 1);
  }

  /** Whether there is anything to write. */
  boolean isDirty() {
    return ackCount + nackCount > 0;
  }

  /** Adds the frames for deliveries settled since the last call. */
  void writeTo(SettlementFrames frames) {
    for (int i = 0; i < nackCount; i++) {
      frames.nack(nacks[i]);
    }
    int prefix = settled.nextClearBit(0);
    long last = base + prefix;
    long highest = 0;
    int within = 0;
    for (int i = 0; i < ackCount; i++) {
      if (acks[i] <= last) {
        highest = Math.max(highest, acks[i]);
        within++;
      }
    }
    if (within > 0) {
      frames.ack(highest, within > 1);
    }
    for (int i = 0; i < ackCount; i++) {
      if (acks[i] > last) {
        frames.ack(acks[i], false);
      }
    }
    ackCount = 0;
    nackCount = 0;
    if (prefix > 0) {
      base = last;
      int length = settled.length();
      settled = length <= prefix ? new BitSet() : settled.get(prefix, length);
    }
  }
}
