package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import java.time.Duration;
import java.util.List;

/** What {@link RabbitMqWorkerBuilder} has checked. */
record WorkerSettings(
    Connector connector,
    String queue,
    String deadQueue,
    List<Duration> retryDelays,
    int concurrency,
    int prefetch,
    int maxDeliveries,
    Duration attemptTimeout,
    Duration stopTimeout,
    CompletedDeliveries completedDeliveries,
    List<RabbitMqWorkerListener> listeners,
    EventCollector collector,
    DeliveryHandler handler) {}
