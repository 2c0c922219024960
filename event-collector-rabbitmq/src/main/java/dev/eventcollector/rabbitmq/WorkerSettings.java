package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import java.time.Duration;
import java.util.List;

/**
 * What {@link RabbitMqWorkerBuilder} has checked.
 *
 * @param prefetch 0 when it adapts to the work
 * @param maxPrefetch how far it may adapt
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

  /** How many deliveries may be held, at the cost of others, because their events are refused. */
  int mayHoldRefused() {
    return firstPrefetch() / 2;
  }

  /** How many deliveries the broker sends before it knows how long they take. */
  int firstPrefetch() {
    return prefetch > 0 ? prefetch : Math.min(maxPrefetch, 2 * concurrency);
  }
}
