/**
 * Spring Boot: publisher and workers without configuration. {@link
 * dev.eventcollector.rabbitmq.spring.EventWorker} makes a method the handler of a queue. For the
 * class path only; all dependencies but the broker's client are optional.
 */
@NullMarked
package dev.eventcollector.rabbitmq.spring;

import org.jspecify.annotations.NullMarked;
