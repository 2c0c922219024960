/** Serves HTTP: takes records in, and tells the state of the process. */
@NullMarked
package dev.eventcollector.examples.forwarder.http;

import org.jspecify.annotations.NullMarked;
