package dev.eventcollector.examples.faktory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class OpenConnectionsTest {

  private final Thread adder = new Thread(this::addAnother, "adds");

  /** Another is added just when it is seen that there is none. */
  private final HashSet<String> all =
      new HashSet<>() {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean isEmpty() {
          boolean empty = super.isEmpty();
          adder.start();
          await()
              .atMost(Duration.ofSeconds(60))
              .until(
                  () ->
                      adder.getState() == Thread.State.BLOCKED
                          || adder.getState() == Thread.State.TERMINATED);
          return empty;
        }
      };

  private final OpenConnections<String> connections = new OpenConnections<>(all);

  private void addAnother() {
    connections.add("another");
  }

  @Test
  void should_know_since_when_there_is_one_when_one_comes_as_the_last_goes() throws Exception {
    connections.add("one");

    connections.remove("one");
    adder.join();

    assertThat(connections.since()).isNotNull();
  }

  @Test
  void should_say_that_there_is_none_when_all_are_removed() {
    connections.add("one");

    assertThat(connections.removeAll()).containsExactly("one");
    assertThat(connections.since()).isNull();
  }
}
