package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatestCompletedTest {

  private final CompletedDeliveries latest = CompletedDeliveries.inMemory(3);

  private List<String> remembered(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).filter(latest::contains).toList();
  }

  @Test
  void should_forget_the_oldest_when_there_are_more_than_it_may_remember() {
    List.of("0", "1", "2", "1", "3").forEach(latest::add);

    assertThat(remembered(4)).containsExactly("1", "2", "3");
  }

  @Test
  void should_tell_queues_apart_when_the_same_message_comes_to_two() {
    CompletedDeliveries ofOne = latest.ofQueue("one");
    CompletedDeliveries ofAnother = latest.ofQueue("another");
    ofOne.add("0");
    latest.add("1");

    assertThat(latest.ofQueue("one").contains("0")).isTrue();
    assertThat(ofAnother.contains("0")).isFalse();
    assertThat(remembered(2)).as("of any queue").containsExactly("0", "1");
    assertThat(ofAnother.contains("1")).as("of every queue").isTrue();
  }

  @Test
  void should_remember_as_many_as_it_may_when_threads_add_at_the_same_time() {
    IntStream.range(0, 10_000).parallel().mapToObj(String::valueOf).forEach(latest::add);

    assertThat(remembered(10_000)).hasSize(3);
  }
}
