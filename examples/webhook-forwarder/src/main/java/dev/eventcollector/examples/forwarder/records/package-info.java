/** Checks that a body is a record, as the original does. */
@NullMarked
package dev.eventcollector.examples.forwarder.records;

import org.jspecify.annotations.NullMarked;
