/**
 * Traces and timings that go on through events, by Micrometer's observations: {@link
 * dev.eventcollector.rabbitmq.micrometer.ObservedMessages}. Needs {@code micrometer-observation},
 * which is an optional dependency.
 */
@NullMarked
package dev.eventcollector.rabbitmq.micrometer;

import org.jspecify.annotations.NullMarked;
