/**
 * Faktory. Start with {@link dev.eventcollector.examples.faktory.FaktoryEventPublisher}; {@link
 * dev.eventcollector.examples.faktory.FaktoryWorker} is for the other end of a queue.
 */
@NullMarked
package dev.eventcollector.examples.faktory;

import org.jspecify.annotations.NullMarked;
