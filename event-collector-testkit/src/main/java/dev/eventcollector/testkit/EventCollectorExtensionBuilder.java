package dev.eventcollector.testkit;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * Configures an {@link EventCollectorExtension}.
 *
 * <p>Not safe for use by many threads.
 */
public final class EventCollectorExtensionBuilder {

  Supplier<InMemoryEventCollector> collectors = InMemoryEventCollector::create;
  boolean onAllThreads;
  boolean everythingPublished;

  EventCollectorExtensionBuilder() {}

  /**
   * Makes the collector of each test, by {@code () ->
   * InMemoryEventCollector.builder().encoder(json).build()} say. Defaults to {@link
   * InMemoryEventCollector#create()}.
   */
  public EventCollectorExtensionBuilder collector(Supplier<InMemoryEventCollector> value) {
    collectors = Objects.requireNonNull(value, "collector");
    return this;
  }

  /**
   * Puts the collector in place for the whole process, for code that enqueues on other threads: a
   * servlet container's, an executor's. Two such tests never run at the same time; one that has to
   * wait for a minute fails. Tests for the thread only are not disturbed. Defaults to the test's
   * thread only.
   */
  public EventCollectorExtensionBuilder onAllThreads() {
    onAllThreads = true;
    return this;
  }

  /**
   * Fails a test that leaves events that were enqueued, but neither published nor cleared. Defaults
   * to letting it pass, as a unit test may well end before the unit of work does.
   */
  public EventCollectorExtensionBuilder requireEverythingPublished() {
    everythingPublished = true;
    return this;
  }

  /** The extension. */
  public EventCollectorExtension build() {
    return new EventCollectorExtension(this);
  }
}
