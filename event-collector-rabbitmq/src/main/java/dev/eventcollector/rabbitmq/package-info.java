/**
 * RabbitMQ, spoken to by AMQP 0-9-1. Start with {@link
 * dev.eventcollector.rabbitmq.RabbitMqEventPublisher}; {@link
 * dev.eventcollector.rabbitmq.RabbitMqWorker} is for the other end of a queue.
 */
@NullMarked
package dev.eventcollector.rabbitmq;

import org.jspecify.annotations.NullMarked;
