package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Durations that do not fit into nanoseconds mean: no limit. */
@Timeout(180)
class ForEverTest extends CollectorFixture {

  static Stream<Duration> forEver() {
    return Stream.of(ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("forEver")
  void should_publish_and_retry_and_drain_when_every_duration_is_for_ever(Duration forEver) {
    events.close();
    events =
        PublishingEventCollector.builder(publisher)
            .publishTimeout(forEver)
            .drainTimeout(forEver)
            .firstRetryDelay(Duration.ofMillis(1))
            .maxRetryDelay(forEver)
            .warnOfUnpublishedAfter(forEver)
            .build();
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("a", "q"));
    publisher.answer = event -> Outcome.unknown("cut");
    events.enqueueEvent("b", "q");
    PublishReport owed = events.publish();
    publisher.up();

    assertThat(events.unitsOfWork().await(owed, forEver).allConfirmed()).isTrue();
    assertThat(events.close(forEver)).isZero();
    assertThat(publisher.deliveredBodies()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @MethodSource("forEver")
  void should_go_on_when_the_retry_delays_are_for_ever(Duration forEver) {
    events = collector(builder -> builder.firstRetryDelay(forEver).maxRetryDelay(forEver));
    publisher.answer = event -> Outcome.returned("no route");
    for (int i = 0; i < 3; i++) {
      events.enqueueEvent("a", "q");
      assertThat(events.publish().owed()).isEqualTo(1);
    }
    await().during(Duration.ofMillis(50)).until(() -> events.state().owed() == 3);

    assertThat(events.close(Duration.ZERO)).isEqualTo(3);
  }
}
