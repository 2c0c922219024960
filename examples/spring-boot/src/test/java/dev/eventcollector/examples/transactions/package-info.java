/** Spring's transactions as units of work. */
@NullMarked
package dev.eventcollector.examples.transactions;

import org.jspecify.annotations.NullMarked;
