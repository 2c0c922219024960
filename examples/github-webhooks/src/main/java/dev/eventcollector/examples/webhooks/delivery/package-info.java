/**
 * Works deliveries off the queue: {@link
 * dev.eventcollector.examples.webhooks.delivery.DeliveryWorker} has the workflows of each chosen,
 * and enqueues their runs.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.delivery;

import org.jspecify.annotations.NullMarked;
