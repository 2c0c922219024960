/**
 * The two kinds of programs: {@link dev.eventcollector.examples.work.program.ServerProgram} and
 * {@link dev.eventcollector.examples.work.program.ClientProgram}.
 */
@NullMarked
package dev.eventcollector.examples.work.program;

import org.jspecify.annotations.NullMarked;
