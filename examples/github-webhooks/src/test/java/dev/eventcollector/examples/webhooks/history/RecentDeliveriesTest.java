package dev.eventcollector.examples.webhooks.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.examples.webhooks.history.RecentDelivery.Status;
import dev.eventcollector.examples.webhooks.queue.Queues;
import dev.eventcollector.rabbitmq.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecentDeliveriesTest {

  private Instant now = Instant.parse("2026-11-21T10:00:30Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final RecentDeliveries recent = new RecentDeliveries(clock);
  private final MinuteCounts minutes = new MinuteCounts(clock);

  private static Event event(String id, String repository) {
    return new Event(
        id,
        Queues.GITHUB_EVENTS,
        new byte[0],
        null,
        Map.of("event", "push", "repository", repository));
  }

  private static Delivery delivery(String id) {
    return delivery(id, 2);
  }

  private static Delivery delivery(String id, int attempt) {
    return new Delivery(
        Queues.GITHUB_EVENTS, id, new byte[0], null, Map.of("event", "push"), attempt, false);
  }

  @Test
  void should_keep_the_newest_thousand_when_there_are_more() {
    for (int i = 0; i < 2 * RecentDeliveries.MAX; i++) {
      recent.onOwed(List.of(event("guid-" + i, "r")));
    }

    assertThat(recent.lastHour()).hasSize(RecentDeliveries.MAX);
    assertThat(recent.lastHour().get(0).delivery()).isEqualTo("guid-1999");
  }

  @Test
  void should_keep_the_beginning_when_a_text_is_long() {
    recent.onOwed(List.of(event("guid", "x".repeat(100_000))));

    assertThat(recent.lastHour().get(0).repository()).hasSize(303).endsWith("x...");
  }

  @Test
  void should_forget_a_delivery_when_nothing_has_happened_to_it_for_an_hour() {
    recent.onOwed(List.of(event("old", "r"), event("retried", "r")));
    now = now.plus(Duration.ofMinutes(59));
    recent.onRetry(delivery("retried"), Duration.ofSeconds(1), "why");
    now = now.plus(Duration.ofMinutes(2));

    assertThat(recent.lastHour())
        .extracting(RecentDelivery::delivery, RecentDelivery::status)
        .containsExactly(tuple("retried", Status.RETRYING));
  }

  @Test
  void should_stay_completed_when_the_news_of_the_confirm_comes_late() {
    recent.onOwed(List.of(event("guid", "r")));
    now = now.plusMillis(250);
    recent.onCompleted(delivery("guid"), Duration.ofMillis(1));
    recent.onAttempt(List.of(event("guid", "r")), List.of(Outcome.confirmed()), Duration.ZERO);
    recent.onOwed(List.of(event("guid", "r"))); // sent again
    recent.onDuplicate(delivery("guid"));

    RecentDelivery shown = recent.lastHour().get(0);
    assertThat(shown.status()).isEqualTo(Status.COMPLETED);
    assertThat(shown.attempts()).isEqualTo(2);
    assertThat(shown.durationMillis()).isEqualTo(250);
  }

  @Test
  void should_stay_as_it_ended_when_the_news_of_the_retry_before_comes_late() {
    recent.onCompleted(delivery("completed"), Duration.ofMillis(1));
    recent.onDead(delivery("dead"), "the last reason");
    recent.onRetry(delivery("completed", 1), Duration.ofSeconds(1), "why");
    recent.onRetry(delivery("dead", 1), Duration.ofSeconds(1), "why");

    assertThat(recent.lastHour())
        .extracting(
            RecentDelivery::delivery,
            RecentDelivery::status,
            RecentDelivery::attempts,
            RecentDelivery::reason)
        .containsExactly(
            tuple("dead", Status.DEAD, 2, "the last reason"),
            tuple("completed", Status.COMPLETED, 2, null));
    assertThat(recent.open("completed").orElseThrow().steps())
        .extracting(Step::what)
        .containsExactly("completed", "attempt 1 failed; next one in 1s");
  }

  @Test
  void should_be_retried_when_the_first_attempt_of_a_requeued_one_fails() {
    recent.onDead(delivery("guid"), "why");
    recent.onRequeued(recent.lastHour().get(0));
    recent.onRetry(delivery("guid", 1), Duration.ofSeconds(1), "why");

    assertThat(recent.statusOf("guid")).isEqualTo(Status.RETRYING);
  }

  @Test
  void should_tell_a_copy_from_the_first_when_a_delivery_is_sent_again() {
    recent.onOwed(List.of(event("guid", "r")));
    recent.onRetry(delivery("guid"), Duration.ofSeconds(1), "why");
    recent.onOwed(List.of(event("guid", "r")));

    assertThat(recent.open("guid").orElseThrow().steps())
        .extracting(Step::what)
        .containsExactly("received", "attempt 2 failed; next one in 1s", "sent again");
  }

  @Test
  void should_count_by_the_minute_and_forget_after_an_hour() {
    minutes.onOwed(List.of(event("a", "r"), event("b", "r")));
    now = now.plusSeconds(60);
    minutes.onAttempt(List.of(event("a", "r")), List.of(Outcome.confirmed()), Duration.ZERO);
    minutes.onDead(delivery("a"), "why");

    List<MinuteCounts.Minute> hour = minutes.lastHour();
    assertThat(hour).hasSize(60);
    assertThat(hour.get(58)).extracting(MinuteCounts.Minute::received).isEqualTo(2L);
    assertThat(hour.get(59).confirmed()).isOne();
    assertThat(hour.get(59).processed()).isOne();
    now = now.plus(Duration.ofHours(1));
    assertThat(minutes.lastHour())
        .allSatisfy(minute -> assertThat(minute.received() + minute.processed()).isZero());
  }
}
