/**
 * The app as a whole. {@link dev.eventcollector.examples.webhooks.app.WebhookApp} starts it and
 * drains it.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.app;

import org.jspecify.annotations.NullMarked;
