/**
 * Posts batches to the sink: {@link dev.eventcollector.examples.forwarder.sink.HttpEventPublisher}.
 */
@NullMarked
package dev.eventcollector.examples.forwarder.sink;

import org.jspecify.annotations.NullMarked;
