/** Batches of records as units of work of one collector. */
@NullMarked
package dev.eventcollector.examples.forwarder.forwarding;

import org.jspecify.annotations.NullMarked;
