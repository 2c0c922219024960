/**
 * Traces that go on through events, by OpenTelemetry: {@link
 * dev.eventcollector.rabbitmq.opentelemetry.OpenTelemetryTracing}. Needs {@code opentelemetry-api},
 * which is an optional dependency.
 */
@NullMarked
package dev.eventcollector.rabbitmq.opentelemetry;

import org.jspecify.annotations.NullMarked;
