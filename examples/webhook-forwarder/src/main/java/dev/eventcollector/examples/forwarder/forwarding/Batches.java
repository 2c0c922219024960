package dev.eventcollector.examples.forwarder.forwarding;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.EventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Collects records into batches, each a unit of work, and hands a batch out when it is full or its
 * interval has passed. The collector bounds the records held, in number and bytes.
 *
 * <p>A thread that waits for batches is woken only when one begins or is full. Safe for use by many
 * threads.
 */
public final class Batches {

  private static final String QUEUE = "sink";

  private final EventCollector collector;
  private final int batchSize;
  private final long batchBytes;
  private final long intervalNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition worthALook = lock.newCondition();
  private final ArrayDeque<Batch> full = new ArrayDeque<>();
  private @Nullable Batch filling;
  private boolean closed;
  private boolean abandoned;

  /** A unit of work that is being filled, guarded by the lock. */
  private static final class Batch {
    final UnitOfWork unit;
    final long since = System.nanoTime();
    int records;
    long bytes;

    Batch(UnitOfWork unit) {
      this.unit = unit;
    }
  }

  Batches(EventCollector collector, Batching batching) {
    this.collector = collector;
    // Without a size, and with huge records, a batch must end before there is no more room.
    batchSize = batching.size() > 0 ? batching.size() : Math.max(1, batching.bufferRecords() / 2);
    batchBytes = batching.bufferBytes() / 2;
    intervalNanos = batching.interval().isZero() ? Long.MAX_VALUE : batching.interval().toNanos();
  }

  /**
   * Adds a record to the batch that is being filled.
   *
   * @throws TooManyPendingEventsException when there is no room for it
   * @throws CollectorClosedException when nothing more is taken in
   */
  public void add(byte[] json) {
    lock.lock();
    try {
      if (closed) {
        throw new CollectorClosedException("shutting down");
      }
      Batch batch = filling == null ? new Batch(collector.unitsOfWork().begin()) : filling;
      try (UnitOfWork.Binding bound = batch.unit.bind()) {
        collector.enqueueEvent(json, QUEUE);
      }
      batch.records++;
      batch.bytes += json.length;
      boolean isFull = batch.records >= batchSize || batch.bytes >= batchBytes;
      if (isFull) {
        full.addLast(batch);
      }
      filling = isFull ? null : batch;
      if (isFull || batch.records == 1) {
        worthALook.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a batch: until it is full, its interval has passed, or nothing more will come.
   *
   * @return a unit with at least one record; null when there will be none any more
   */
  @Nullable UnitOfWork await() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!abandoned) {
        long left = nanosUntilDue();
        if (left <= 0) {
          return take();
        } else if (left < Long.MAX_VALUE) {
          worthALook.awaitNanos(left);
        } else if (closed) {
          return null;
        } else {
          worthALook.await();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a batch waits that should be on its way. */
  boolean isDue() {
    lock.lock();
    try {
      return nanosUntilDue() <= 0;
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntilDue() {
    if (!full.isEmpty()) {
      return 0;
    }
    Batch batch = filling;
    if (batch == null) {
      return Long.MAX_VALUE;
    }
    return closed ? 0 : intervalNanos - (System.nanoTime() - batch.since);
  }

  private UnitOfWork take() {
    Batch batch = full.pollFirst();
    if (batch == null) {
      batch = filling;
      filling = null;
    }
    if (batch == null) {
      throw new IllegalStateException("no batch is due");
    }
    if (nanosUntilDue() < Long.MAX_VALUE) {
      worthALook.signal(); // another thread may have to wait for the next one's interval
    }
    return batch.unit;
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more in; what waits goes out at once, full or not. */
  void close() {
    end(false);
  }

  /** Takes nothing more in and gives no more batches out. */
  void abandon() {
    end(true);
  }

  private void end(boolean abandon) {
    lock.lock();
    try {
      closed = true;
      abandoned |= abandon;
      worthALook.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the batches that still wait, oldest first. */
  List<UnitOfWork> removeAll() {
    lock.lock();
    try {
      List<UnitOfWork> left = new ArrayList<>();
      full.forEach(batch -> left.add(batch.unit));
      full.clear();
      if (filling != null) {
        left.add(filling.unit);
        filling = null;
      }
      return left;
    } finally {
      lock.unlock();
    }
  }
}
