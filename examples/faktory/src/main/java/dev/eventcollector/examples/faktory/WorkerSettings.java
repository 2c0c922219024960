package dev.eventcollector.examples.faktory;

import dev.eventcollector.EventCollector;
import dev.eventcollector.rabbitmq.CompletedDeliveries;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The settings that {@link FaktoryWorkerBuilder} has checked.
 *
 * @param clock nanoseconds, by which reservations are reckoned
 */
record WorkerSettings(
    Connector connector,
    String wid,
    List<String> queues,
    int concurrency,
    Duration attemptTimeout,
    Duration holdTimeout,
    Duration stopTimeout,
    Duration beatInterval,
    CompletedDeliveries completedDeliveries,
    List<FaktoryWorkerListener> listeners,
    EventCollector collector,
    DeliveryHandler handler,
    LongSupplier clock) {}
