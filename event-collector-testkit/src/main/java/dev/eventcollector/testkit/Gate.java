package dev.eventcollector.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a {@link ScriptedEventPublisher} until a test lets it continue, so that the test can check
 * the state meanwhile.
 *
 * <pre>{@code
 * try (Gate gate = publisher.blockNext()) {
 *   executor.execute(() -> placeOrder(42));
 *   gate.awaitArrival(Duration.ofSeconds(5));
 *   // the publisher has the event and gives no answer
 * }                                              // continues
 * }</pre>
 *
 * <p>Safe for use by many threads. Once open it stays open.
 */
public final class Gate implements AutoCloseable {

  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  /** A closed gate. */
  public Gate() {}

  /**
   * Waits until an event arrives at the gate.
   *
   * @throws AssertionError when none arrives in time
   */
  public void awaitArrival(Duration timeout) {
    if (!await(arrived, timeout)) {
      throw new AssertionError("no event has come to the gate within " + timeout);
    }
  }

  /** Lets every event through, now and later. */
  public void open() {
    opened.countDown();
  }

  /** {@link #open()}. */
  @Override
  public void close() {
    open();
  }

  /**
   * Waits at the gate. Returns when it is open, when the thread is interrupted (and stays so), or
   * after a minute, so that a forgotten gate does not block a build.
   */
  void pass() {
    arrived.countDown();
    await(opened, FORGOTTEN);
  }

  private static boolean await(CountDownLatch latch, Duration timeout) {
    try {
      return latch.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
