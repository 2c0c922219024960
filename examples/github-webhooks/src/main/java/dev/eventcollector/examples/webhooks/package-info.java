/**
 * Receives GitHub's webhooks, queues them, and decides in the background which workflows to run. A
 * delivery goes from {@link dev.eventcollector.examples.webhooks.WebhookServlet} through the broker
 * to {@link dev.eventcollector.examples.webhooks.DeliveryWorker}; {@link
 * dev.eventcollector.examples.webhooks.WebhookApp} puts the parts together.
 */
@NullMarked
package dev.eventcollector.examples.webhooks;

import org.jspecify.annotations.NullMarked;
