/**
 * Demands works, again and again: {@link dev.eventcollector.examples.work.producer.TaskProducer}.
 */
@NullMarked
package dev.eventcollector.examples.work.producer;

import org.jspecify.annotations.NullMarked;
