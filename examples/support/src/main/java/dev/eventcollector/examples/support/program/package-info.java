/**
 * The way of a process from {@code main} to its exit code: {@link
 * dev.eventcollector.examples.support.program.Program}.
 */
@NullMarked
package dev.eventcollector.examples.support.program;

import org.jspecify.annotations.NullMarked;
