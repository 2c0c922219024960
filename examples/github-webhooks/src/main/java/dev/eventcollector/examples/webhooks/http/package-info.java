/**
 * Takes deliveries from GitHub. {@link dev.eventcollector.examples.webhooks.http.WebhookServer}
 * listens; {@link dev.eventcollector.examples.webhooks.http.WebhookServlet} reads a delivery, has
 * its signature checked by {@link dev.eventcollector.examples.webhooks.http.SignatureCheck}, and
 * enqueues it.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.http;

import org.jspecify.annotations.NullMarked;
