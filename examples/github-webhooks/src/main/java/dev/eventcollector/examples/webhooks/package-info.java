/**
 * Receives GitHub's webhooks, queues them, and decides in the background which workflows to run.
 * Begin with {@link dev.eventcollector.examples.webhooks.app.WebhookApp}, which puts the rooms
 * together. A delivery goes through {@code http}, {@code queue}, {@code delivery} and {@code
 * workflows}.
 */
@NullMarked
package dev.eventcollector.examples.webhooks;

import org.jspecify.annotations.NullMarked;
