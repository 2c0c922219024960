package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.micrometer.EventCollectorMetrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventCollectorMetricsTest extends CollectorFixture {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double counted(String name, String... tags) {
    return registry.get("event.collector." + name).tags(tags).counter().count();
  }

  private double gauged(String name, String... tags) {
    return registry.get("event.collector." + name).tags(tags).gauge().value();
  }

  @Test
  void should_count_every_event_when_it_is_confirmed_cleared_or_given_up() {
    publisher.answer =
        event -> event.queue().equals("q") ? Outcome.confirmed() : Outcome.returned("NO_ROUTE");
    events = metered(Tags.empty());
    events.enqueueEvent("confirmed", "q");
    assertThat(gauged("collected")).isEqualTo(1);
    events.enqueueEvent("given up", "no-such-queue");
    events.publish();
    events.enqueueEvent("cleared", "q");
    events.clearEventsToPublish();

    assertThat(counted("enqueued")).isEqualTo(3);
    assertThat(counted("published", "outcome", "confirmed")).isEqualTo(1);
    assertThat(counted("published", "outcome", "returned")).isEqualTo(1);
    assertThat(counted("undeliverable")).isEqualTo(1);
    assertThat(counted("cleared")).isEqualTo(1);
    assertThat(gauged("owed")).isZero();
    assertThat(gauged("pending.bytes")).isZero();
    assertThat(gauged("available")).isEqualTo(1);
    assertThat(registry.get("event.collector.publish").timer().totalTime(TimeUnit.NANOSECONDS))
        .isPositive()
        .isLessThan(Duration.ofMinutes(1).toNanos());
  }

  @Test
  void should_tell_that_the_other_side_is_blocked_when_the_publisher_says_so() {
    events = metered(Tags.empty());
    assertThat(gauged("blocked")).isZero();

    publisher.blockedReason = "low on memory";

    assertThat(gauged("blocked")).isEqualTo(1);
    assertThat(events.state().blockedBecause()).isEqualTo("low on memory");
  }

  @Test
  void should_keep_collectors_apart_when_their_meters_have_tags() {
    events = metered(Tags.of("collector", "one"));
    try (PublishingEventCollector other = metered(Tags.of("collector", "other"))) {
      events.enqueueEvent("published", "q");
      events.publish();
      other.enqueueEvent("collected", "q");

      assertThat(counted("enqueued", "collector", "one")).isEqualTo(1);
      assertThat(counted("published", "collector", "one", "outcome", "confirmed")).isEqualTo(1);
      assertThat(counted("published", "collector", "other", "outcome", "confirmed")).isZero();
      assertThat(gauged("collected", "collector", "one")).isZero();
      assertThat(gauged("collected", "collector", "other")).isEqualTo(1);
      other.clearEventsToPublish();
    }
  }

  private PublishingEventCollector metered(Tags tags) {
    return collector(
        builder -> builder.listener(new EventCollectorMetrics(registry, tags)).maxAttempts(1));
  }
}
