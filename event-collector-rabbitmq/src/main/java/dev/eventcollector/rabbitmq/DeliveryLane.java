package dev.eventcollector.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler thread, and the chunk of deliveries that it has handled and that are not finished
 * yet. It takes one delivery after the other and never waits for more to come: what has been
 * handled meanwhile is finished together.
 *
 * <p>Finishing waits for confirms. While more deliveries wait, a thread of its own does it, and the
 * handler goes on; else the handler thread does it, which saves a change of threads. One finishes
 * at a time, so events are published in the order of the deliveries.
 */
final class DeliveryLane implements Runnable {

  private static final long NO_THREAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** Deliveries finished together: more gains nothing, as a chunk's answers come together. */
  private static final int MAX_CHUNK = 256;

  /** So many, or so much time, are worth a change of threads. */
  private static final int WORTH_HANDING_OVER = 16;

  private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Finished deliveries are published within 5 ms, also while the next is being handled. */
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final ReadyDeliveries ready;
  private final Attempt attempt;
  private final ChunkFinisher finisher;
  private final Background background;
  private final ThreadFactory threads;
  private final AttemptClock clock;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private List<DeliveryInHand> handled = new ArrayList<>();
  private long oldestNanos;
  private boolean finishing;
  private volatile boolean closed;
  private @Nullable LaneWatch watch;

  DeliveryLane(
      ReadyDeliveries ready,
      Attempt attempt,
      ChunkFinisher finisher,
      Background background,
      ThreadFactory threads,
      AttemptClock clock) {
    this.ready = ready;
    this.attempt = attempt;
    this.finisher = finisher;
    this.background = background;
    this.threads = threads;
    this.clock = clock;
  }

  void start(LaneWatch lookedAfterBy) {
    watch = lookedAfterBy;
    clock.watchedBy(lookedAfterBy);
    threads.newThread(this).start();
  }

  @Override
  public void run() {
    boolean anotherThread = false;
    try {
      ThreadState state = new ThreadState(Thread.currentThread());
      while (!closed && !anotherThread) {
        DeliveryInHand next = next();
        if (next != null) {
          anotherThread = !handle(next, state);
        }
      }
    } catch (Throwable e) { // a fault of this library; the queue must go on all the same
      LOGGER.error("A handler thread failed and is replaced", e);
      anotherThread = true;
    } finally {
      if (!anotherThread || !goesOnElsewhere()) {
        finishHere(false);
        ended.countDown();
      }
    }
  }

  /** Waits for a thread when none can be made; false when the lane is closed. */
  private boolean goesOnElsewhere() {
    while (!closed) {
      try {
        threads.newThread(this).start();
        return true;
      } catch (Throwable e) { // no thread can be created, or memory is short
        Thread.interrupted(); // an interrupt that came late would end the pause at once
        LockSupport.parkNanos(this, NO_THREAD_NANOS);
      }
    }
    return false;
  }

  private @Nullable DeliveryInHand next() {
    DeliveryInHand next = ready.poll();
    if (next != null) {
      return next;
    }
    finishHere(false);
    try {
      return ready.take();
    } catch (InterruptedException e) {
      return null; // the queue was closed, or the interrupt came late
    }
  }

  /** Returns whether the thread can go on. */
  private boolean handle(DeliveryInHand next, ThreadState state) {
    if (next.session.isLost()) {
      add(next, new AttemptResult.EnvironmentFailed(lost(next), AttemptResult.Step.HANDLE));
      return true;
    }
    LaneWatch lookedAfterBy = watch;
    if (lookedAfterBy != null) {
      Long due = finishingDue();
      if (due != null) {
        lookedAfterBy.isDue(due);
      }
    }
    attempt.make(next, clock);
    boolean clean = state.restore(next.units);
    next.session.worked(next, System.nanoTime() - next.beganNanos);
    add(next, next.result);
    if (next.result instanceof AttemptResult.EnvironmentFailed failed
        && failed.obstacle().kind().pauses()) {
      finishHere(true); // later deliveries must wait for this one, which will be held
    }
    return clean;
  }

  private static Obstacle lost(DeliveryInHand one) {
    return new Obstacle(Obstacle.Kind.CLOSING, one.session.endedBecause());
  }

  private void add(DeliveryInHand one, @Nullable AttemptResult result) {
    one.result = result;
    boolean handOver = false;
    lock.lock();
    try {
      long now = System.nanoTime();
      if (handled.isEmpty()) {
        oldestNanos = now;
      }
      handled.add(one);
      if (!finishing
          && (handled.size() >= WORTH_HANDING_OVER || now - oldestNanos > WORTH_NANOS)
          && ready.hasNext()) {
        finishing = true;
        handOver = true;
      }
    } finally {
      lock.unlock();
    }
    if (handOver) {
      finishElsewhere();
    }
  }

  private void finishElsewhere() {
    if (!background.tryExecute(this::finishAll)) {
      finishAll();
    }
  }

  private void finishHere(boolean afterOthers) {
    lock.lock();
    try {
      while (afterOthers && finishing) {
        idle.awaitUninterruptibly();
      }
      if (finishing || handled.isEmpty()) {
        return;
      }
      finishing = true;
    } finally {
      lock.unlock();
    }
    finishAll();
  }

  private void finishAll() {
    boolean done = false;
    try {
      List<DeliveryInHand> chunk = nextChunk();
      while (chunk != null) {
        finisher.finish(chunk);
        chunk = nextChunk();
      }
      done = true;
    } finally {
      if (!done) {
        lock.lock();
        finishing = false;
        idle.signalAll();
        lock.unlock();
      }
    }
  }

  private @Nullable List<DeliveryInHand> nextChunk() {
    lock.lock();
    try {
      if (handled.isEmpty()) {
        finishing = false;
        idle.signalAll();
        return null;
      }
      List<DeliveryInHand> chunk = handled;
      if (chunk.size() > MAX_CHUNK) {
        handled = new ArrayList<>(chunk.subList(MAX_CHUNK, chunk.size()));
        chunk = chunk.subList(0, MAX_CHUNK);
      } else {
        handled = new ArrayList<>();
      }
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Long finishingDue() {
    lock.lock();
    try {
      return handled.isEmpty() || finishing ? null : oldestNanos + LONGEST_WAIT_NANOS;
    } finally {
      lock.unlock();
    }
  }

  /** Does what is due; returns when the next look is needed, or null. Called by the watch. */
  @Nullable Long look(long now) {
    Long attemptEnds = clock.look(now);
    Long due = finishingDue();
    if (due != null && due - now <= 0) {
      lock.lock();
      try {
        due = null;
        if (!finishing && !handled.isEmpty()) {
          finishing = true;
          due = now;
        }
      } finally {
        lock.unlock();
      }
      if (due != null) {
        finishElsewhere();
      }
      return attemptEnds;
    }
    if (attemptEnds == null || due == null) {
      return attemptEnds == null ? due : attemptEnds;
    }
    return attemptEnds - due < 0 ? attemptEnds : due;
  }

  /** Begins no more attempts; the one that runs can finish. */
  void close() {
    closed = true;
  }

  /** The handler that has not returned by its timeout; null if there is none. */
  AttemptClock.@Nullable Overdue overdue() {
    return clock.overdue();
  }

  /** Gives up what is not finished yet, and interrupts its handler. */
  void giveUp() {
    finisher.giveUp();
    clock.giveUp();
  }

  /** Waits until the last attempt is finished, or the time is over. */
  boolean awaitEnd(long deadline) throws InterruptedException {
    if (!ended.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      return false;
    }
    lock.lockInterruptibly();
    try {
      long remaining = deadline - System.nanoTime();
      while (finishing && remaining > 0) {
        remaining = idle.awaitNanos(remaining);
      }
      return !finishing;
    } finally {
      lock.unlock();
    }
  }
}
