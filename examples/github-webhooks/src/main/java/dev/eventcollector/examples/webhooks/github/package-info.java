/**
 * The events that GitHub sends: their names, the facts that matter of their payloads, and {@link
 * dev.eventcollector.examples.webhooks.github.ReceivedEvent}, one of them.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.github;

import org.jspecify.annotations.NullMarked;
