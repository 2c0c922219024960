/** Values as they appear in the log. */
@NullMarked
package dev.eventcollector.examples.forwarder.log;

import org.jspecify.annotations.NullMarked;
