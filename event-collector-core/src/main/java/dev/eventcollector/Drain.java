package dev.eventcollector;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes the engine: publishes owed events for a limited time, then hands over the rest. */
final class Drain {

  private final OwedEvents owed;
  private final Retrier retrier;
  private final Announcer announcer;
  private final EventPublisher publisher;
  private final @Nullable EventStore store;

  Drain(
      OwedEvents owed,
      Retrier retrier,
      Announcer announcer,
      EventPublisher publisher,
      @Nullable EventStore store) {
    this.owed = owed;
    this.retrier = retrier;
    this.announcer = announcer;
    this.publisher = publisher;
    this.store = store;
  }

  /** Returns the number of events left and handed over; 0 if it was closed before. */
  int close(Duration timeout) {
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
    if (!owed.beginDraining()) {
      return 0;
    }
    owed.awaitDrained(deadline);
    if (store != null) {
      store.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
    owed.terminate();
    retrier.stop();
    List<UndeliverableEvent> left = owed.giveUpEverything();
    announcer.leftAtTheEnd(left);
    publisher.close();
    return left.size();
  }
}
