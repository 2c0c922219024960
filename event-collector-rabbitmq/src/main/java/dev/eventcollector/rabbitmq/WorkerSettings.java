package dev.eventcollector.rabbitmq;

import dev.eventcollector.EventCollector;
import java.time.Duration;

/** What {@link RabbitMqWorkerBuilder} has checked. */
record WorkerSettings(
    Connector connector,
    String queue,
    int concurrency,
    Duration retryDelay,
    Duration stopTimeout,
    EventCollector collector,
    DeliveryHandler handler) {}
