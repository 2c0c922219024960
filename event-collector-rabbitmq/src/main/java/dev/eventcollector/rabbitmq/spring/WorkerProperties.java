package dev.eventcollector.rabbitmq.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of all workers. Those that are null have the defaults of {@link
 * dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder}.
 *
 * @param enabled Whether EventWorker methods consume. Off in Spring's tests, unless they set it.
 * @param concurrency How many deliveries of a queue are handled at the same time. Defaults to 1.
 * @param prefetch How many deliveries the broker sends in advance. Adapts by default.
 * @param retryDelays The delays before the second attempt, the third and so on. Defaults to 1s, 5s,
 *     30s, 2m and 10m.
 * @param attemptTimeout How long a method may take before it is interrupted. Defaults to 10
 *     minutes.
 * @param stopTimeout How long running methods may finish at shutdown. Defaults to 10 seconds.
 * @param maxDeliveries After how many deliveries by the broker one is parked. Defaults to 10.
 */
@ConfigurationProperties("event-collector.worker")
record WorkerProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable Integer concurrency,
    @Nullable Integer prefetch,
    @Nullable List<Duration> retryDelays,
    @Nullable Duration attemptTimeout,
    @Nullable Duration stopTimeout,
    @Nullable Integer maxDeliveries) {}
