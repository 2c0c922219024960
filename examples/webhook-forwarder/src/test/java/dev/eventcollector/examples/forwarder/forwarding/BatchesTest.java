package dev.eventcollector.examples.forwarder.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventcollector.CollectorClosedException;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchesTest {

  private static final long PLENTY = 1 << 20;

  private @Nullable PublishingEventCollector collector;

  @AfterEach
  void close() {
    if (collector != null) {
      collector.close(Duration.ZERO);
    }
  }

  @Test
  void should_give_full_batches_in_order_when_records_wait() throws InterruptedException {
    Batches batches = batches(2, Duration.ofDays(1), 100, PLENTY);
    add(batches, "a", "b", "c", "d", "e");

    assertThat(next(batches)).containsExactly("a", "b");
    assertThat(next(batches)).containsExactly("c", "d");
    batches.close();
    assertThat(next(batches)).containsExactly("e");
    assertThat(next(batches)).isNull();
  }

  @Test
  void should_give_a_batch_that_is_not_full_when_its_interval_has_passed()
      throws InterruptedException {
    Batches batches = batches(2, Duration.ofMillis(20), 100, PLENTY);
    long start = System.nanoTime();
    add(batches, "a");

    assertThat(next(batches)).containsExactly("a");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void should_wake_a_thread_that_waits_when_the_batch_becomes_full() throws Exception {
    Batches batches = batches(2, Duration.ZERO, 100, PLENTY);
    CompletableFuture<@Nullable List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return next(batches);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    add(batches, "a", "b");

    assertThat(waiting.get(60, TimeUnit.SECONDS)).containsExactly("a", "b");
  }

  @Test
  void should_have_no_room_until_a_batch_is_published_when_the_number_is_reached()
      throws InterruptedException {
    Batches batches = batches(2, Duration.ZERO, 2, PLENTY);
    add(batches, "a", "b");

    assertFull(batches, "c");
    UnitOfWork batch = Objects.requireNonNull(batches.await());
    assertFull(batches, "c");
    batch.publish();
    add(batches, "c");
  }

  @Test
  void should_have_no_room_when_the_bytes_are_used_up() {
    Batches batches = batches(9, Duration.ZERO, 9, 2_000);

    assertFull(batches, "x".repeat(2_000));
    add(batches, "x".repeat(1_000));
    assertFull(batches, "x".repeat(1_000));
  }

  @Test
  void should_end_a_batch_early_when_it_has_half_of_the_bytes() throws InterruptedException {
    Batches batches = batches(9, Duration.ZERO, 9, 4_000);
    add(batches, "x".repeat(1_000), "y".repeat(1_000));

    assertThat(next(batches)).hasSize(2);
  }

  @Test
  void should_end_a_batch_at_half_of_the_records_when_only_the_interval_counts()
      throws InterruptedException {
    Batches batches = batches(0, Duration.ofDays(1), 4, PLENTY);
    add(batches, "a", "b", "c");

    assertThat(next(batches)).containsExactly("a", "b");
  }

  @Test
  void should_take_nothing_more_in_when_closed() {
    Batches batches = batches(2, Duration.ZERO, 2, PLENTY);

    batches.close();

    assertThatExceptionOfType(CollectorClosedException.class).isThrownBy(() -> add(batches, "a"));
  }

  @Test
  void should_give_no_more_batches_when_abandoned() throws InterruptedException {
    Batches batches = batches(1, Duration.ZERO, 2, PLENTY);
    add(batches, "a");

    batches.abandon();

    assertThat(batches.await()).isNull();
    assertThat(batches.removeAll()).hasSize(1);
    assertThat(batches.removeAll()).isEmpty();
  }

  private Batches batches(int size, Duration interval, int records, long bytes) {
    PublishingEventCollector made =
        PublishingEventCollector.builder(
                (chunk, timeout) -> Collections.nCopies(chunk.size(), Outcome.confirmed()))
            .maxPendingEvents(records)
            .maxPendingBytes(bytes)
            .maxEventBytes((int) bytes)
            .build();
    collector = made;
    return new Batches(made, new Batching(size, interval, records, bytes));
  }

  private static void add(Batches batches, String... records) {
    for (String text : records) {
      batches.add(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void assertFull(Batches batches, String record) {
    assertThatExceptionOfType(TooManyPendingEventsException.class)
        .isThrownBy(() -> add(batches, record));
  }

  private static @Nullable List<String> next(Batches batches) throws InterruptedException {
    UnitOfWork batch = batches.await();
    return batch == null ? null : batch.events().stream().map(Event::bodyAsText).toList();
  }
}
