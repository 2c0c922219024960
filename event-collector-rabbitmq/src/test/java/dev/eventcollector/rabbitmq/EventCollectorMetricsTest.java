package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@WithBroker
class EventCollectorMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private double counted(String name, String... tags) {
    return registry.get("event.collector." + name).tags(tags).counter().count();
  }

  private double gauged(String name, String... tags) {
    return registry.get("event.collector." + name).tags(tags).gauge().value();
  }

  @Test
  void should_count_every_event_when_it_is_confirmed_cleared_or_given_up(Broker broker) {
    String queue = broker.declareUniqueQueue("metrics");
    RabbitMqEventPublisher publisher = RabbitMqEventPublisher.builder().uri(broker.uri()).build();
    EventCollectorMetrics metrics = new EventCollectorMetrics(registry);
    assertThat(publisher.connectedSince()).isNull();
    try (PublishingEventCollector events =
        PublishingEventCollector.builder(publisher).listener(metrics).maxAttempts(1).build()) {
      metrics.watch(events, publisher);
      events.enqueueEvent("confirmed", queue);
      assertThat(gauged("collected")).isEqualTo(1);
      events.enqueueEvent("given up", "no-such-queue");
      events.publish();
      events.enqueueEvent("cleared", queue);
      events.clearEventsToPublish();

      assertThat(counted("enqueued")).isEqualTo(3);
      assertThat(counted("published", "outcome", "confirmed")).isEqualTo(1);
      assertThat(
              counted("published", "outcome", "returned")
                  + counted("published", "outcome", "nacked"))
          .isEqualTo(1);
      assertThat(counted("undeliverable")).isEqualTo(1);
      assertThat(counted("cleared")).isEqualTo(1);
      assertThat(gauged("owed")).isZero();
      assertThat(gauged("pending.bytes")).isZero();
      assertThat(gauged("available")).isEqualTo(1);
      assertThat(gauged("blocked")).isZero();
      assertThat(registry.get("event.collector.publish").timer().totalTime(TimeUnit.NANOSECONDS))
          .isPositive()
          .isLessThan(Duration.ofMinutes(1).toNanos());
      assertThat(publisher.connectedSince()).isNotNull();
      assertThat(publisher.blockedReason()).isNull();
    }
  }

  @Test
  void should_keep_collectors_apart_when_their_meters_have_tags(Broker broker) {
    String queue = broker.declareUniqueQueue("metrics");
    try (PublishingEventCollector one = collector(broker, "one");
        PublishingEventCollector other = collector(broker, "other")) {
      one.enqueueEvent("published", queue);
      one.publish();
      other.enqueueEvent("collected", queue);

      assertThat(counted("enqueued", "collector", "one")).isEqualTo(1);
      assertThat(counted("published", "collector", "one", "outcome", "confirmed")).isEqualTo(1);
      assertThat(counted("published", "collector", "other", "outcome", "confirmed")).isZero();
      assertThat(gauged("collected", "collector", "one")).isZero();
      assertThat(gauged("collected", "collector", "other")).isEqualTo(1);
      other.clearEventsToPublish();
    }
  }

  private PublishingEventCollector collector(Broker broker, String name) {
    RabbitMqEventPublisher publisher = RabbitMqEventPublisher.builder().uri(broker.uri()).build();
    EventCollectorMetrics metrics = new EventCollectorMetrics(registry, Tags.of("collector", name));
    PublishingEventCollector collector =
        PublishingEventCollector.builder(publisher).listener(metrics).build();
    metrics.watch(collector, publisher);
    return collector;
  }
}
