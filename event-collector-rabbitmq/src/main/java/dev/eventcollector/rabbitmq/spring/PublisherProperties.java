package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.rabbitmq.ConnectAtStart;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the publisher; where the broker is, is said by {@code spring.rabbitmq.*}. Those that
 * are null have the defaults of {@link dev.eventcollector.rabbitmq.RabbitMqEventPublisherBuilder}.
 *
 * @param exchange The exchange to publish to, with the queue's name as routing key. By default the
 *     default exchange.
 * @param declareQueues Queues that have to exist: each is declared durable when there is none.
 * @param maxChannels How many chunks are published at the same time. Defaults to 64.
 * @param connectionName Shown by the broker. Defaults to the application's name.
 * @param heartbeat The heartbeat to ask the broker for. Defaults to
 *     spring.rabbitmq.requested-heartbeat, or else to 10 seconds.
 * @param connectAtStart Whether publisher and workers connect at start-up, and what happens when
 *     they cannot. By default they connect later.
 * @param connectTimeout How long each step of connecting may take. Defaults to
 *     spring.rabbitmq.connection-timeout, or else to 3 seconds.
 */
@ConfigurationProperties("event-collector.rabbitmq")
record PublisherProperties(
    @Nullable String exchange,
    @DefaultValue List<String> declareQueues,
    @Nullable Integer maxChannels,
    @Nullable String connectionName,
    @Nullable Duration heartbeat,
    @Nullable ConnectAtStart connectAtStart,
    @Nullable Duration connectTimeout) {}
