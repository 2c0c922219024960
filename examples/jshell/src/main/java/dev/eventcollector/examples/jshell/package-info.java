/**
 * A JShell with the library at hand. {@link dev.eventcollector.examples.jshell.JShellConsole}
 * starts it; {@link dev.eventcollector.examples.jshell.Console} is what the start-up file {@code
 * events.jsh} opens inside it.
 */
@NullMarked
package dev.eventcollector.examples.jshell;

import org.jspecify.annotations.NullMarked;
