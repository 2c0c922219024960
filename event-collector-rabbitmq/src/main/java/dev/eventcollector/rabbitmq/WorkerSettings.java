package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import java.time.Duration;
import java.util.List;

/**
 * The checked settings of {@link RabbitMqWorkerBuilder}.
 *
 * @param prefetch 0 when it adapts to the work
 * @param maxPrefetch the upper limit when it adapts
 */
record WorkerSettings(
    Connector connector,
    String queue,
    String deadQueue,
    List<Duration> retryDelays,
    int concurrency,
    int prefetch,
    int maxPrefetch,
    int maxDeliveries,
    Duration attemptTimeout,
    Duration holdLimit,
    Duration stopTimeout,
    CompletedDeliveries completedDeliveries,
    List<RabbitMqWorkerListener> listeners,
    EventCollector collector,
    DeliveryHandler handler) {

  /** Whether completed deliveries are remembered at all. */
  boolean remembers() {
    return completedDeliveries != CompletedDeliveries.none();
  }

  /**
   * The most deliveries that may be held, at the cost of others, because their events are refused.
   */
  int mayHoldRefused() {
    return firstPrefetch() / 2;
  }

  /** The initial prefetch, before the handling time is known. */
  int firstPrefetch() {
    return prefetch > 0 ? prefetch : Math.min(maxPrefetch, 2 * concurrency);
  }
}
