package dev.eventcollector.examples.forwarder;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between the threads that serve requests and those that forward: what a record
 * occupies, in number and bytes, counts from the moment its body comes in until its fate is known.
 *
 * <p>Nobody waits for room, and who waits for records is woken only when a batch begins or is full.
 * Safe for use by many threads.
 */
final class RecordBuffer {

  /** What a record is reckoned to occupy beside its body, in bytes. */
  static final int OVERHEAD_BYTES = 400;

  private static final int SMALL_BYTES = 64 * 1024;
  private static final int UNFINISHED_SHARE = 4;

  private record Waiting(byte[] body, long since) {}

  private final int batchSize;
  private final long batchBytes;
  private final long intervalNanos;
  private final int maxRecords;
  private final long maxBytes;
  private final long maxUnfinishedBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition worthALook = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private int takenRecords;
  private long takenBytes;
  private long unfinishedBytes; // of large bodies only
  private int heldRecords;
  private long received;
  private boolean closed;
  private boolean abandoned;

  RecordBuffer(Settings.Batching batching) {
    maxRecords = batching.bufferRecords();
    maxBytes = batching.bufferBytes();
    maxUnfinishedBytes = Math.max(RecordIntake.MOST_BYTES, maxBytes / UNFINISHED_SHARE);
    // Without a size, and with huge records, a batch must end before the buffer is full.
    batchSize = batching.size() > 0 ? batching.size() : Math.max(1, maxRecords / 2);
    batchBytes = maxBytes / 2;
    Duration interval = batching.interval();
    intervalNanos = interval.isZero() ? Long.MAX_VALUE : interval.toNanos();
  }

  /** Room for one record; null when there is none, or nothing more is taken in. */
  @Nullable Room takeRoom() {
    lock.lock();
    try {
      if (closed || takenRecords >= maxRecords || takenBytes + OVERHEAD_BYTES > maxBytes) {
        return null;
      }
      takenRecords++;
      takenBytes += OVERHEAD_BYTES;
      return new Room();
    } finally {
      lock.unlock();
    }
  }

  /** Room that a request has taken. Give it back by {@link #close} unless it was filled. */
  final class Room implements AutoCloseable {
    private long bytes = OVERHEAD_BYTES;
    private long unfinished;
    private boolean filled;

    /**
     * Takes room for more bytes of the body. False when there is none: large bodies that are not
     * finished share a quarter of the buffer, so that they leave room for records.
     */
    boolean grow(int more) {
      lock.lock();
      try {
        boolean isLarge = bytes + more > SMALL_BYTES;
        if (takenBytes + more > maxBytes
            || (isLarge && unfinishedBytes + more > maxUnfinishedBytes)) {
          return false;
        }
        if (isLarge) {
          unfinished += more;
          unfinishedBytes += more;
        }
        takenBytes += more;
        bytes += more;
        return true;
      } finally {
        lock.unlock();
      }
    }

    /** Hands the record over, to be forwarded. False when nothing more is taken in. */
    boolean fill(byte[] body) {
      lock.lock();
      try {
        if (closed) {
          return false;
        }
        filled = true;
        unfinishedBytes -= unfinished;
        takenBytes += sizeOf(body) - bytes;
        heldRecords++;
        received++;
        waiting.addLast(new Waiting(body, System.nanoTime()));
        waitingBytes += sizeOf(body);
        if (waiting.size() == 1 || isFull()) {
          worthALook.signal();
        }
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!filled) {
          filled = true;
          unfinishedBytes -= unfinished;
          takenRecords--;
          takenBytes -= bytes;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Waits for a batch: until it is full, its interval has passed, or nothing more will come.
   *
   * @return at least one record; null when there will be none any more
   */
  @Nullable List<byte[]> awaitBatch() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!abandoned) {
        if (waiting.isEmpty()) {
          if (closed) {
            return null;
          }
          worthALook.await();
        } else {
          long age = System.nanoTime() - waiting.getFirst().since;
          if (closed || isFull() || age >= intervalNanos) {
            return take();
          }
          worthALook.awaitNanos(intervalNanos - age);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a batch waits that should be on its way. */
  boolean isBatchDue() {
    lock.lock();
    try {
      return !waiting.isEmpty()
          && (closed || isFull() || System.nanoTime() - waiting.getFirst().since >= intervalNanos);
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return waiting.size() >= batchSize || waitingBytes >= batchBytes;
  }

  private List<byte[]> take() {
    List<byte[]> batch = new ArrayList<>(Math.min(batchSize, waiting.size()));
    long bytes = 0;
    while (batch.size() < batchSize && bytes < batchBytes && !waiting.isEmpty()) {
      byte[] body = waiting.removeFirst().body;
      bytes += sizeOf(body);
      batch.add(body);
    }
    waitingBytes -= bytes;
    if (!waiting.isEmpty()) {
      worthALook.signal(); // another thread may have to wait for the next one's interval
    }
    return batch;
  }

  /** The fate of a batch is known: its records no longer count. */
  void release(List<byte[]> batch) {
    lock.lock();
    try {
      heldRecords -= batch.size();
      takenRecords -= batch.size();
      for (byte[] body : batch) {
        takenBytes -= sizeOf(body);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more in; what waits goes out at once, full or not. */
  void close() {
    lock.lock();
    try {
      closed = true;
      worthALook.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more in and gives no more batches out. */
  void abandon() {
    lock.lock();
    try {
      closed = true;
      abandoned = true;
      worthALook.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what still waits, to be released once its fate is known. */
  List<byte[]> removeWaiting() {
    lock.lock();
    try {
      List<byte[]> left = waiting.stream().map(Waiting::body).toList();
      waiting.clear();
      waitingBytes = 0;
      return left;
    } finally {
      lock.unlock();
    }
  }

  /** What is still held is lost, and counts as that instead. */
  void forgetHeld() {
    lock.lock();
    try {
      heldRecords = 0;
    } finally {
      lock.unlock();
    }
  }

  /** How it stands, all of the same moment. */
  State state() {
    lock.lock();
    try {
      return new State(received, heldRecords, takenBytes, maxRecords, maxBytes, closed);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The buffer at a moment.
   *
   * @param received records taken in since the start
   * @param held records taken in whose fate is not known yet
   * @param bytes occupied, those of bodies that are just coming in included
   */
  record State(long received, int held, long bytes, int maxRecords, long maxBytes, boolean closed) {

    boolean isFull() {
      return held >= maxRecords || bytes + OVERHEAD_BYTES > maxBytes;
    }
  }

  private static long sizeOf(byte[] body) {
    return OVERHEAD_BYTES + (long) body.length;
  }
}
