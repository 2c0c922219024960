/** The file of records that were given up, and its replay. */
@NullMarked
package dev.eventcollector.examples.forwarder.spool;

import org.jspecify.annotations.NullMarked;
