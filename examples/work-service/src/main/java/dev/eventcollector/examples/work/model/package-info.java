/**
 * The subject of the system: {@link dev.eventcollector.examples.work.model.Work} and the {@link
 * dev.eventcollector.examples.work.model.WorkDemand} that asks for it.
 */
@NullMarked
package dev.eventcollector.examples.work.model;

import org.jspecify.annotations.NullMarked;
