package dev.eventcollector.examples.faktory;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A job between {@code FETCH} and its answer. */
final class RunningJob {

  private final FetchedJob job;
  private final LongSupplier clock;
  private final long reservedUntil;
  private final Thread thread = Thread.currentThread();
  private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();
  private boolean interruptible;
  private boolean interrupted;
  private boolean stopped;

  RunningJob(FetchedJob job, long fetchedAt, LongSupplier clock) {
    this.job = job;
    this.clock = clock;
    this.reservedUntil = fetchedAt + job.reservation().toNanos();
  }

  FetchedJob job() {
    return job;
  }

  /**
   * True for one thread, as often as it asks, which alone may give an answer: the one that handles
   * the job, or the one that stops the worker.
   */
  boolean claim() {
    Thread current = Thread.currentThread();
    return owner.compareAndSet(null, current) || owner.get() == current;
  }

  /** Whether Faktory has taken it from us. */
  boolean isOver() {
    return reservedUntil - clock.getAsLong() <= 0;
  }

  /** The time left for work, so that the answer still comes in time; zero when there is none. */
  Duration timeLeft() {
    long left =
        reservedUntil - clock.getAsLong() - Reservations.timeToAnswer(job.reservation()).toNanos();
    return Duration.ofNanos(Math.max(0, left));
  }

  /**
   * From now on the thread can be interrupted.
   *
   * @return whether it may go on: not when the worker is already being stopped
   */
  synchronized boolean beginInterruptible() {
    interruptible = !stopped;
    return interruptible;
  }

  /**
   * The thread can no longer be interrupted, and is not, be it by us or by its own handler: a flag
   * that is left would end the publishing of its events.
   *
   * @return whether it was, by us
   */
  synchronized boolean endInterruptible() {
    interruptible = false;
    boolean was = interrupted;
    interrupted = false;
    Thread.interrupted();
    return was;
  }

  /**
   * Waits for another job, as long as that leaves time for this one.
   *
   * @return whether the other has ended; false, too, when the worker is being stopped
   */
  boolean await(CountDownLatch other) {
    boolean ended = false;
    if (beginInterruptible()) {
      try {
        ended = other.await(timeLeft().toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        ended = false; // by stop(), which the caller is told so
      } finally {
        endInterruptible();
      }
    }
    return ended;
  }

  /** Interrupts what can be interrupted. */
  synchronized void interrupt() {
    if (interruptible && !interrupted) {
      interrupted = true;
      thread.interrupt();
    }
  }

  /** Interrupts, and lets nothing interruptible begin any more. */
  synchronized void stop() {
    stopped = true;
    notifyAll();
    interrupt();
  }

  /**
   * Waits.
   *
   * @return whether to go on, as the worker is not being stopped
   */
  synchronized boolean pause(long nanos) {
    long end = System.nanoTime() + nanos;
    try {
      for (long left = nanos; left > 0 && !stopped; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return !stopped;
    } catch (InterruptedException e) {
      return false; // by somebody else: a reason to stop as good as any
    }
  }

  synchronized boolean isStopped() {
    return stopped;
  }
}
