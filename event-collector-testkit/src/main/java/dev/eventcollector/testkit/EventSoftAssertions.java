package dev.eventcollector.testkit;

import org.assertj.core.api.SoftAssertions;

/**
 * AssertJ's soft assertions, with those about events.
 *
 * <pre>{@code
 * EventSoftAssertions softly = new EventSoftAssertions();
 * softly.assertThat(events).published(event().toQueue("orders"));
 * softly.assertThat(events).collectedNothing();
 * softly.assertAll();                                 // tells of every failure
 * }</pre>
 *
 * <p>AssertJ's {@code SoftAssertionsExtension} injects it, too.
 */
public class EventSoftAssertions extends SoftAssertions {

  /** Collects failures until {@link #assertAll()}. */
  public EventSoftAssertions() {}

  /** About everything that a collector has recorded. */
  public EventCollectorAssert assertThat(InMemoryEventCollector events) {
    return proxy(EventCollectorAssert.class, InMemoryEventCollector.class, events);
  }
}
