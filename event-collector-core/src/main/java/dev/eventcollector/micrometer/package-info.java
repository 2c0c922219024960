/**
 * Integrations for those who have Micrometer on their class path, each with one optional
 * dependency: {@link dev.eventcollector.micrometer.EventCollectorMetrics} needs {@code
 * micrometer-core}, {@link dev.eventcollector.micrometer.UnitOfWorkThreadLocalAccessor} needs
 * {@code context-propagation}.
 */
@NullMarked
package dev.eventcollector.micrometer;

import org.jspecify.annotations.NullMarked;
