package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Log lines for operators: one when the broker goes, one when it is back, none for each event. */
class LogTest extends CollectorFixture {

  private final CapturedLog log = new CapturedLog();

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void should_warn_once_and_inform_once_with_counts_when_it_goes_down_and_comes_back_promise_5() {
    publisher.down();
    for (int i = 0; i < 500; i++) {
      events.enqueueEvent("a", "q");
      events.publish();
    }
    publisher.up();
    await().until(() -> events.state().confirmed() == 500);

    assertThat(log.at(Level.WARN))
        .singleElement()
        .asString()
        .contains("Publishing fails: NOT_SENT (down)", "1 of 100000 events");
    assertThat(log.at(Level.INFO))
        .singleElement()
        .asString()
        .contains("Publishing works again after", "failed attempts", "events are owed");
    assertThat(log.at(Level.ERROR)).isEmpty();
  }

  @Test
  void should_warn_once_for_all_when_many_events_are_refused_together() {
    publisher.answer = event -> Outcome.returned("312 NO_ROUTE");
    for (int i = 0; i < 500; i++) {
      events.enqueueEvent("a", "missing");
    }

    events.publish();

    assertThat(log.at(Level.WARN))
        .singleElement()
        .asString()
        .contains("500 event(s) were refused", "312 NO_ROUTE", "queue=missing");
  }

  @Test
  void should_warn_when_it_is_closed_over_events_that_nobody_has_published() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor(r -> new Thread(r, "forgetful"));
    pool.submit(() -> events.enqueueEvent("a", "q")).get();
    UnitOfWork unit = events.unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      events.enqueueEvent("b", "q");
      events.close();
    }

    assertThat(log.at(Level.WARN))
        .singleElement()
        .asString()
        .contains("0 events are owed, 2 are collected", "thread forgetful", "thread main");
    unit.clear();
    pool.submit(events::clearEventsToPublish).get();
    pool.shutdown();
  }

  @Test
  void should_tell_operators_the_state_when_asked() {
    publisher.down();
    events.enqueueEvent("owed", "q");
    events.publish();
    events.enqueueEvent("collected", "q");

    CollectorState state = events.state();

    assertThat(state.available()).isFalse();
    assertThat(state.unavailableSince()).isNotNull();
    assertThat(state.oldestOwedSince()).isNotNull();
    assertThat(state.lastTrouble()).contains("down");
    assertThat(state.failedAttempts()).isPositive();
    assertThat(state.owed()).isEqualTo(1);
    assertThat(state.collected()).isEqualTo(1);
    assertThat(state.pendingBytes()).isPositive();
    events.clearEventsToPublish();
  }
}
