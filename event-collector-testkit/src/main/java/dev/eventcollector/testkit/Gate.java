package dev.eventcollector.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds up a {@link ScriptedEventPublisher} until a test lets it go on, so that the test can look
 * at what happens meanwhile.
 *
 * <pre>{@code
 * try (Gate gate = publisher.blockNext()) {
 *   executor.execute(() -> placeOrder(42));
 *   gate.awaitArrival(Duration.ofSeconds(5));
 *   // the publisher has the event and says nothing
 * }                                              // goes on
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
   * Waits until an event stands before the gate.
   *
   * @throws AssertionError when none has come in time
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
   * Stands before the gate. Returns when it is open, when the thread is interrupted (and then stays
   * so), or, so that a forgotten gate holds up no build, after a minute.
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
