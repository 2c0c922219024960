/**
 * The whole system in one process: {@link dev.eventcollector.examples.work.WorkService}. The
 * programs that it consists of are in the packages below, and so is the library that they share:
 * {@code model}, {@code storage}, {@code queue}, {@code http} and {@code program}.
 */
@NullMarked
package dev.eventcollector.examples.work;

import org.jspecify.annotations.NullMarked;
