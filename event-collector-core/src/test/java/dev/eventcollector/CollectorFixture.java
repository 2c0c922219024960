package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** A collector on a fake publisher, and the check that no event was ever lost from the books. */
abstract class CollectorFixture {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  final FakePublisher publisher = new FakePublisher();
  final List<UndeliverableEvent> undeliverable = new CopyOnWriteArrayList<>();
  PublishingEventCollector events = collector(builder -> builder);

  PublishingEventCollector collector(UnaryOperator<PublishingEventCollectorBuilder> settings) {
    return settings
        .apply(
            PublishingEventCollector.builder(publisher)
                .publishTimeout(Duration.ofSeconds(2))
                .firstRetryDelay(Duration.ofMillis(5))
                .maxRetryDelay(Duration.ofMillis(20))
                .undeliverableHandler(undeliverable::add))
        .build();
  }

  CollectedUnits units() {
    return (CollectedUnits) events.unitsOfWork();
  }

  boolean isBoundToThisThread() {
    return units().isBoundToThisThread();
  }

  @AfterEach
  void booksBalance() {
    CollectorState state = events.state();
    assertThat(state.enqueued())
        .as("promise 1: %s", state)
        .isEqualTo(
            state.collected()
                + state.owed()
                + state.confirmed()
                + state.cleared()
                + state.withdrawn()
                + state.undeliverable());
    publisher.before = () -> {};
    publisher.up();
    events.close();
    assertThat(events.state().pendingBytes()).as("all room is given back").isZero();
  }

  /** For work that may throw nothing checked. */
  static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).as("the latch was opened").isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
