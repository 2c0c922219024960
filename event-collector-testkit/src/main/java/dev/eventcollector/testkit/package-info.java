/**
 * For the tests of services that collect events: {@link
 * dev.eventcollector.testkit.InMemoryEventCollector} records what happens to them, {@link
 * dev.eventcollector.testkit.EventAssertions} asserts it, {@link
 * dev.eventcollector.testkit.EventCollectorExtension} gives a JUnit test a collector of its own,
 * and {@link dev.eventcollector.testkit.ScriptedEventPublisher} fails as it is told.
 */
@NullMarked
package dev.eventcollector.testkit;

import org.jspecify.annotations.NullMarked;
