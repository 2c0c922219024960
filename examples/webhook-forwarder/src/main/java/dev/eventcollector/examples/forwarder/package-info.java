/**
 * Takes JSON records over HTTP, holds them in memory and forwards them in batches. {@link
 * dev.eventcollector.examples.forwarder.WebhookForwarder} starts it; {@link
 * dev.eventcollector.examples.forwarder.sink.HttpEventPublisher} is the publisher of its own.
 */
@NullMarked
package dev.eventcollector.examples.forwarder;

import org.jspecify.annotations.NullMarked;
