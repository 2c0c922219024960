package dev.eventcollector.rabbitmq.spring;

import dev.eventcollector.EventCustomizer;
import dev.eventcollector.rabbitmq.DeliveryHandler;
import java.util.function.UnaryOperator;

/**
 * Traces and timings of messages.
 *
 * @param customizer for each event
 * @param handler around the handler of a queue
 */
record MessageTraces(EventCustomizer customizer, UnaryOperator<DeliveryHandler> handler) {}
