package dev.eventcollector.examples.webhooks.history;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a delivery.
 *
 * @param at in milliseconds since 1970
 * @param detail such as the reason of a failure; null for none
 */
public record Step(long at, String what, @Nullable String detail) {}
