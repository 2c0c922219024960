package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.EventCollectorExtension;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

// tag::test
class OtherThreadsTest {
  @RegisterExtension
  static final EventCollectorExtension EVENTS =
      EventCollectorExtension.builder().onAllThreads().build();

  @Test
  void should_announce_the_order(InMemoryEventCollector events) {
    var unused = CompletableFuture.runAsync(() -> new Orders().place(42));
    assertThat(events).within(Duration.ofSeconds(30)).published(event().toQueue("orders"));
  }
}
// end::test
