/** Does what is demanded: {@link dev.eventcollector.examples.work.consumer.TaskConsumer}. */
@NullMarked
package dev.eventcollector.examples.work.consumer;

import org.jspecify.annotations.NullMarked;
