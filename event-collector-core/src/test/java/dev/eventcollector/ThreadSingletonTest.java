package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSingletonTest extends CollectorFixture {

  private static final EventCollector HELD = EventCollector.threadSingletonInstance();

  @AfterEach
  void uninstall() {
    EventCollectors.uninstall(events);
  }

  @Test
  void should_name_the_remedy_when_nothing_is_installed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> HELD.enqueueEvent("a", "q"))
        .withMessageContaining("EventCollectors.install")
        .withMessageContaining("EventCollectorExtension");
  }

  @Test
  void should_reach_the_installed_collector_when_it_was_held_from_before() {
    EventCollectors.install(events);

    HELD.enqueueEvent("a", "q");
    assertThat(events.eventsToPublish()).hasSize(1);
    AutoPublishingEventCollector.run(() -> HELD.enqueueEvent("b", "q"));
    HELD.publish();

    assertThat(publisher.deliveredBodies()).containsExactly("b", "a");
  }

  @Test
  void should_refuse_when_another_collector_is_installed() {
    EventCollectors.install(events);
    PublishingEventCollector other = collector(builder -> builder);

    assertThatIllegalStateException()
        .isThrownBy(() -> EventCollectors.install(other))
        .withMessageContaining("installed already");
    assertThatIllegalArgumentException().isThrownBy(() -> EventCollectors.install(HELD));
    other.close();
  }

  @Test
  void should_uninstall_when_the_collector_is_closed() {
    EventCollectors.install(events);
    events.close();

    assertThatIllegalStateException().isThrownBy(() -> HELD.publish());
  }

  @Test
  void should_replace_and_restore_when_tests_ask_for_it() {
    EventCollectors.install(events);
    PublishingEventCollector forAll = collector(builder -> builder);
    PublishingEventCollector forMe = collector(builder -> builder);
    try (EventCollectors.Replacement all = EventCollectors.replace(forAll)) {
      try (EventCollectors.Replacement mine = EventCollectors.replaceOnThisThread(forMe)) {
        HELD.enqueueEvent("mine", "q");
        CompletableFuture.runAsync(
                () -> {
                  HELD.enqueueEvent("anybody's", "q");
                  HELD.clearEventsToPublish();
                })
            .join();
      }
      assertThat(forMe.clearEventsToPublish()).isEqualTo(1);
      assertThat(forAll.state().cleared()).isEqualTo(1);
    }
    HELD.enqueueEvent("installed", "q");
    assertThat(events.clearEventsToPublish()).isEqualTo(1);
    forAll.close();
    forMe.close();
  }
}
