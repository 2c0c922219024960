package dev.eventcollector.testkit;

import org.assertj.core.api.SoftAssertions;

/**
 * AssertJ's soft assertions, plus those about events.
 *
 * <pre>{@code
 * EventSoftAssertions softly = new EventSoftAssertions();
 * softly.assertThat(events).published(event().toQueue("orders"));
 * softly.assertThat(events).collectedNothing();
 * softly.assertAll();                                 // tells of every failure
 * }</pre>
 *
 * <p>AssertJ's {@code SoftAssertionsExtension} can inject it.
 */
public class EventSoftAssertions extends SoftAssertions {

  /** Collects failures until {@link #assertAll()}. */
  public EventSoftAssertions() {}

  /** Asserts about all recorded events of a collector. */
  public EventCollectorAssert assertThat(InMemoryEventCollector events) {
    return proxy(EventCollectorAssert.class, InMemoryEventCollector.class, events);
  }
}
