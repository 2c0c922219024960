/** The REST API: {@link dev.eventcollector.examples.work.api.WorkApi}. */
@NullMarked
package dev.eventcollector.examples.work.api;

import org.jspecify.annotations.NullMarked;
