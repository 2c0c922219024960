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
   * Creates the collector of each test, for example by {@code () ->
   * InMemoryEventCollector.builder().encoder(json).build()}. Defaults to {@link
   * InMemoryEventCollector#create()}.
   */
  public EventCollectorExtensionBuilder collector(Supplier<InMemoryEventCollector> value) {
    collectors = Objects.requireNonNull(value, "collector");
    return this;
  }

  /**
   * Puts the collector in place for the whole process, for code that enqueues on other threads,
   * such as those of a servlet container or an executor. Two such tests never run at the same time;
   * a test that waits for a minute fails. Tests with a collector for their thread are not affected.
   * Defaults to the test's thread only.
   */
  public EventCollectorExtensionBuilder onAllThreads() {
    onAllThreads = true;
    return this;
  }

  /**
   * Fails a test that leaves enqueued events neither published nor cleared. Defaults to letting it
   * pass, as a unit test may well end before the unit of work does.
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
