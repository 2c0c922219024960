/**
 * Code calls {@link dev.eventcollector.EventCollector#enqueueEvent(Object, String)} and forgets;
 * the events of a unit of work are published together after it has succeeded. Start with {@link
 * dev.eventcollector.EventCollectors} (set-up) and {@link
 * dev.eventcollector.AutoPublishingEventCollector} (units of work).
 */
@NullMarked
package dev.eventcollector;

import org.jspecify.annotations.NullMarked;
