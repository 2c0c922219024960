/**
 * For the apps' tests: {@link dev.eventcollector.examples.support.testing.AppProcess} and {@link
 * dev.eventcollector.examples.support.testing.ClosedPort}. They are among the main classes because
 * {@code examples/run} builds the apps without any test classes.
 */
@NullMarked
package dev.eventcollector.examples.support.testing;

import org.jspecify.annotations.NullMarked;
