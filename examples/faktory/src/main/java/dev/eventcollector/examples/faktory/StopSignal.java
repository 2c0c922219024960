package dev.eventcollector.examples.faktory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The flag that the threads of a worker check, and wait on instead of sleeping. */
final class StopSignal {

  private final CountDownLatch fetching = new CountDownLatch(1);
  private final CountDownLatch answering = new CountDownLatch(1);

  /** Nothing more is fetched. */
  void stopFetching() {
    fetching.countDown();
  }

  /** Nothing more is answered either. */
  void stopAnswering() {
    fetching.countDown();
    answering.countDown();
  }

  boolean mayFetch() {
    return fetching.getCount() > 0;
  }

  /** Waits, at most until nothing more is fetched. */
  void pauseFetching(long nanos) {
    pause(fetching, nanos);
  }

  /**
   * Waits, at most until nothing more is answered.
   *
   * @return whether to go on
   */
  boolean pauseAnswering(long nanos) {
    return !pause(answering, nanos);
  }

  private static boolean pause(CountDownLatch latch, long nanos) {
    boolean interrupted = Thread.interrupted(); // of no meaning to whoever waits here
    long end = System.nanoTime() + nanos;
    try {
      while (true) {
        try {
          return latch.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
