package dev.eventcollector.examples.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordBufferTest {

  private static final long PLENTY = 1 << 20;

  @Test
  void should_give_full_batches_in_order_when_records_wait() throws InterruptedException {
    RecordBuffer buffer = buffer(2, Duration.ofDays(1), 100, PLENTY);
    put(buffer, "a", "b", "c", "d", "e");

    assertThat(next(buffer)).containsExactly("a", "b");
    assertThat(next(buffer)).containsExactly("c", "d");
    buffer.close();
    assertThat(next(buffer)).containsExactly("e");
    assertThat(next(buffer)).isNull();
  }

  @Test
  void should_give_a_batch_that_is_not_full_when_its_interval_has_passed()
      throws InterruptedException {
    RecordBuffer buffer = buffer(2, Duration.ofMillis(20), 100, PLENTY);
    long start = System.nanoTime();
    put(buffer, "a");

    assertThat(next(buffer)).containsExactly("a");
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
  }

  @Test
  void should_wake_who_waits_when_the_batch_becomes_full() throws Exception {
    RecordBuffer buffer = buffer(2, Duration.ZERO, 100, PLENTY);
    CompletableFuture<@Nullable List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return next(buffer);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });

    put(buffer, "a", "b");

    assertThat(waiting.get(60, TimeUnit.SECONDS)).containsExactly("a", "b");
  }

  @Test
  void should_have_no_room_until_records_are_released_when_the_number_is_reached()
      throws InterruptedException {
    RecordBuffer buffer = buffer(2, Duration.ZERO, 2, PLENTY);
    put(buffer, "a", "b");

    assertThat(buffer.takeRoom()).isNull();
    List<byte[]> batch = Objects.requireNonNull(buffer.awaitBatch());
    assertThat(buffer.takeRoom()).as("what is in flight counts too").isNull();
    buffer.release(batch);
    assertThat(buffer.takeRoom()).isNotNull();
  }

  @Test
  void should_have_no_room_when_the_bytes_are_used_up() {
    RecordBuffer buffer = buffer(9, Duration.ZERO, 9, 2 * RecordBuffer.OVERHEAD_BYTES + 10L);
    RecordBuffer.Room room = room(buffer);
    RecordBuffer.Room other = room(buffer);

    assertThat(room.grow(10)).isTrue();
    assertThat(other.grow(1)).isFalse();
    room.close();
    assertThat(other.grow(1)).isTrue();
    other.close();
    assertThat(buffer.state().bytes()).isZero();
  }

  @Test
  void should_end_a_batch_early_when_it_has_half_of_the_bytes() throws InterruptedException {
    RecordBuffer buffer = buffer(9, Duration.ZERO, 9, 4 * RecordBuffer.OVERHEAD_BYTES + 10L);
    put(buffer, "a", "b", "c");

    assertThat(next(buffer)).containsExactly("a", "b", "c");
  }

  @Test
  void should_end_a_batch_at_half_of_the_records_when_only_the_interval_counts()
      throws InterruptedException {
    RecordBuffer buffer = buffer(0, Duration.ofDays(1), 4, PLENTY);
    put(buffer, "a", "b", "c");

    assertThat(next(buffer)).containsExactly("a", "b");
  }

  @Test
  void should_take_nothing_more_in_when_closed() {
    RecordBuffer buffer = buffer(2, Duration.ZERO, 2, PLENTY);
    RecordBuffer.Room room = room(buffer);

    buffer.close();

    assertThat(room.fill(new byte[1])).isFalse();
    assertThat(buffer.takeRoom()).isNull();
    assertThat(buffer.state().received()).isZero();
  }

  @Test
  void should_give_no_more_batches_when_abandoned() throws InterruptedException {
    RecordBuffer buffer = buffer(1, Duration.ZERO, 2, PLENTY);
    put(buffer, "a");

    buffer.abandon();

    assertThat(buffer.awaitBatch()).isNull();
    assertThat(buffer.removeWaiting()).hasSize(1);
    assertThat(buffer.state().held()).isOne();
  }

  private static RecordBuffer buffer(int size, Duration interval, int records, long bytes) {
    return new RecordBuffer(new Settings.Batching(size, interval, records, bytes));
  }

  private static void put(RecordBuffer buffer, String... records) {
    for (String text : records) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      RecordBuffer.Room room = room(buffer);
      assertThat(room.grow(body.length)).isTrue();
      assertThat(room.fill(body)).isTrue();
    }
  }

  private static RecordBuffer.Room room(RecordBuffer buffer) {
    return Objects.requireNonNull(buffer.takeRoom());
  }

  private static @Nullable List<String> next(RecordBuffer buffer) throws InterruptedException {
    List<byte[]> batch = buffer.awaitBatch();
    return batch == null
        ? null
        : batch.stream().map(body -> new String(body, StandardCharsets.UTF_8)).toList();
  }
}
