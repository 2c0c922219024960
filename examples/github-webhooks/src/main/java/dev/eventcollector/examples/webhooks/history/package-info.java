/**
 * Remembers what became of deliveries, for the page and for {@code /metrics}: {@link
 * dev.eventcollector.examples.webhooks.history.RecentDeliveries} one by one, {@link
 * dev.eventcollector.examples.webhooks.history.Counters} in numbers.
 */
@NullMarked
package dev.eventcollector.examples.webhooks.history;

import org.jspecify.annotations.NullMarked;
