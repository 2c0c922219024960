package dev.eventcollector.examples.webhooks.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueReadingsTest {

  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private @Nullable Long messages = 0L;
  private boolean away;

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

  private final QueueReadings readings =
      new QueueReadings(
          () -> {
            if (away) {
              throw new IOException("nobody there");
            }
            return List.of(new QueueCounts.Count("q", messages, 1));
          },
          clock);

  @AfterEach
  void stop() {
    readings.close();
  }

  private QueueReadings.Reading read(@Nullable Long count, int afterSeconds) {
    messages = count;
    now = now.plusSeconds(afterSeconds);
    readings.refresh();
    return readings.latest().queues().get(0);
  }

  @Test
  void should_tell_since_when_something_waits_until_the_queue_is_empty() {
    assertThat(read(0L, 0).waitingSince()).isNull();
    Long since = read(3L, 1).waitingSince();
    assertThat(since).isEqualTo(now.toEpochMilli());
    assertThat(read(9L, 30).waitingSince()).isEqualTo(since);
    assertThat(read(0L, 1).waitingSince()).isNull();
    assertThat(read(1L, 1).waitingSince()).isEqualTo(now.toEpochMilli());
  }

  @Test
  void should_tell_the_change_per_minute_over_the_last_minute() {
    assertThat(read(100L, 0).perMinute()).as("not known yet").isNull();
    assertThat(read(130L, 30).perMinute()).isEqualTo(60.0);
    assertThat(read(40L, 30).perMinute()).isEqualTo(-60.0);
    assertThat(read(40L, 60).perMinute()).as("a minute ago it was the same").isEqualTo(0.0);
  }

  @Test
  void should_tell_nothing_of_a_queue_that_is_not_there() {
    QueueReadings.Reading missing = read(null, 0);

    assertThat(missing.messages()).isNull();
    assertThat(missing.perMinute()).isNull();
  }

  @Test
  void should_keep_the_last_reading_and_its_time_when_the_broker_is_away() {
    read(5L, 0);
    long at = now.toEpochMilli();
    away = true;
    now = now.plus(Duration.ofMinutes(3));
    readings.refresh();

    QueueReadings.Snapshot snapshot = readings.latest();
    assertThat(snapshot.at()).isEqualTo(at);
    assertThat(snapshot.queues()).hasSize(1);
    assertThat(snapshot.trouble()).isEqualTo("nobody there");
  }
}
