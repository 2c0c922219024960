package dev.eventcollector.benchmarks;

import java.util.Locale;

/**
 * The work of a worker.
 *
 * @param events that are published for each delivery, 0 or 1
 * @param handlerMillis how long the handler sleeps
 * @param deliveries in each round
 */
record WorkerScenario(
    boolean quorum, int events, int handlerMillis, int concurrency, int deliveries) {

  /** For example {@code quorum queue, 1 event, handler of 0 ms}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s queue, %s, handler of %d ms%s",
        quorum ? "quorum" : "classic",
        events == 0 ? "no event" : "1 event",
        handlerMillis,
        concurrency == 1 ? "" : ", " + concurrency + " at a time");
  }

  void work() {
    if (handlerMillis > 0) {
      try {
        Thread.sleep(handlerMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
