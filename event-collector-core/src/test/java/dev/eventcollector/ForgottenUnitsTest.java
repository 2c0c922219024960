package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing is collected in silence. */
@Timeout(180)
class ForgottenUnitsTest extends CollectorFixture {

  private final CapturedLog log = new CapturedLog();
  private final ExecutorService forgetful =
      Executors.newSingleThreadExecutor(task -> new Thread(task, "forgetful"));

  @BeforeEach
  void warnSoon() {
    warnAfter(Duration.ofMillis(100));
  }

  private void warnAfter(Duration age) {
    events = collector(builder -> builder.warnOfUnpublishedAfter(age));
  }

  @AfterEach
  void end() {
    forgetful.shutdownNow();
    log.close();
  }

  private static List<String> patrols() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.equals("event-collector-patrol"))
        .toList();
  }

  @Test
  void should_warn_once_with_thread_queue_and_count_when_nobody_publishes() throws Exception {
    warnAfter(Duration.ofMillis(1_500));
    forgetful
        .submit(
            () -> {
              events.enqueueEvent("loads all classes and starts the patrol", "orders");
              events.clearEventsToPublish();
              List.of("a", "b", "c").forEach(text -> events.enqueueEvent(text, "orders"));
            })
        .get();

    await().until(() -> !log.at(Level.WARN).isEmpty());
    forgetful.submit(() -> events.enqueueEvent("a", "orders")).get();
    await().during(Duration.ofMillis(1_700)).until(() -> log.at(Level.WARN).size() == 1);

    assertThat(log.at(Level.WARN))
        .singleElement()
        .asString()
        .contains("3 event(s)", "queue orders", "thread forgetful", "outside of a unit of work");
    forgetful.submit(events::clearEventsToPublish).get();
  }

  @Test
  void should_warn_again_when_the_thread_forgets_again() throws Exception {
    for (int i = 1; i <= 2; i++) {
      int warnings = i;
      forgetful.submit(() -> events.enqueueEvent("a", "q")).get();
      await().until(() -> log.at(Level.WARN).size() == warnings);
      forgetful.submit(events::publish).get();
    }
  }

  @Test
  void should_say_nothing_and_leave_no_thread_when_everything_is_published() {
    warnAfter(Duration.ofSeconds(2));
    events.enqueueEvent("a", "q");
    events.publish();
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("b", "q"));

    await().until(() -> patrols().isEmpty());
    assertThat(log.at(Level.WARN)).isEmpty();
  }

  @Test
  void should_leave_no_thread_when_the_collector_is_closed() throws Exception {
    forgetful.submit(() -> events.enqueueEvent("a", "q")).get();
    await().until(() -> !patrols().isEmpty());

    events.close();

    await().until(() -> patrols().isEmpty());
    forgetful.submit(events::clearEventsToPublish).get();
  }
}
