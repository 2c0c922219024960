/** The broker and its queues: {@link dev.eventcollector.examples.work.queue.Broker}. */
@NullMarked
package dev.eventcollector.examples.work.queue;

import org.jspecify.annotations.NullMarked;
