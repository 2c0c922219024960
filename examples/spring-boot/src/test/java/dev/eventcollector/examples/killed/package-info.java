/** The shop as a process of its own, which is killed. */
@NullMarked
package dev.eventcollector.examples.killed;

import org.jspecify.annotations.NullMarked;
