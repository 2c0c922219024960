/**
 * Where deliveries wait: RabbitMQ, Faktory, or a broker in this process. {@link
 * dev.eventcollector.examples.webhooks.queue.Broker} is the front door.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.queue;

import org.jspecify.annotations.NullMarked;
