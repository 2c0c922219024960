/**
 * What every program does alike: settings, start, drain, exit code. {@link
 * dev.eventcollector.examples.work.program.Program} runs it.
 */
@NullMarked
package dev.eventcollector.examples.work.program;

import org.jspecify.annotations.NullMarked;
