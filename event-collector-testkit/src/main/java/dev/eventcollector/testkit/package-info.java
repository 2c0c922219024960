/**
 * Supports tests of services that collect events: {@link
 * dev.eventcollector.testkit.InMemoryEventCollector} records them, {@link
 * dev.eventcollector.testkit.EventAssertions} asserts on the record, {@link
 * dev.eventcollector.testkit.EventCollectorExtension} gives a JUnit test a collector of its own,
 * and {@link dev.eventcollector.testkit.ScriptedEventPublisher} fails on demand.
 */
@NullMarked
package dev.eventcollector.testkit;

import org.jspecify.annotations.NullMarked;
