/**
 * Brokers for the few tests that need a true one: {@link
 * dev.eventcollector.testkit.broker.WithBroker} gives a test a {@link
 * dev.eventcollector.testkit.broker.Broker}; {@link
 * dev.eventcollector.testkit.broker.EmbeddedBroker} runs one in the JVM, also for demos.
 */
@NullMarked
package dev.eventcollector.testkit.broker;

import org.jspecify.annotations.NullMarked;
