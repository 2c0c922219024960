/**
 * Works in PostgreSQL. {@link dev.eventcollector.examples.work.storage.WorkStore} has all of the
 * SQL.
 */
@NullMarked
package dev.eventcollector.examples.work.storage;

import org.jspecify.annotations.NullMarked;
