package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What operators read: a line when it goes down, a line when it comes back, and not one each. */
class LogTest extends CollectorFixture {

  private final Logger logger = (Logger) LoggerFactory.getLogger(PublishingEventCollector.class);
  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          lines.add(line);
        }
      };

  private @Nullable Level before;

  @BeforeEach
  void listen() {
    before = logger.getLevel();
    logger.setLevel(Level.INFO);
    appender.start();
    logger.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(appender);
    logger.setLevel(before);
  }

  private List<String> linesAt(Level level) {
    return lines.stream()
        .filter(line -> line.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
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

    assertThat(linesAt(Level.WARN))
        .singleElement()
        .asString()
        .contains("publishing fails: NOT_SENT (down)", "1 of 100000 events");
    assertThat(linesAt(Level.INFO))
        .singleElement()
        .asString()
        .contains("publishing works again after", "failed attempts", "events are owed");
    assertThat(linesAt(Level.ERROR)).isEmpty();
  }

  @Test
  void should_warn_once_for_all_when_many_events_are_refused_together() {
    publisher.answer = event -> Outcome.returned("312 NO_ROUTE");
    for (int i = 0; i < 500; i++) {
      events.enqueueEvent("a", "missing");
    }

    events.publish();

    assertThat(linesAt(Level.WARN))
        .singleElement()
        .asString()
        .contains("500 event(s) were not taken", "312 NO_ROUTE", "queue=missing");
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

    assertThat(linesAt(Level.WARN))
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
