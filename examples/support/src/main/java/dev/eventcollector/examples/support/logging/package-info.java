/** Plain and JSON logs: {@link dev.eventcollector.examples.support.logging.Logs}. */
@NullMarked
package dev.eventcollector.examples.support.logging;

import org.jspecify.annotations.NullMarked;
