/**
 * Reads works, from the API or the database: {@link dev.eventcollector.examples.work.cli.WorkCli}.
 */
@NullMarked
package dev.eventcollector.examples.work.cli;

import org.jspecify.annotations.NullMarked;
