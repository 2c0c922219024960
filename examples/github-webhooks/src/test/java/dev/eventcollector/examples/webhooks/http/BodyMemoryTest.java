package dev.eventcollector.examples.webhooks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class BodyMemoryTest {

  private static final int MEGABYTE = 1024 * 1024;

  private final BodyMemory memory = new BodyMemory(2);

  @Test
  void should_give_everything_back_when_a_request_ends() throws Exception {
    try (BodyMemory.Share share = memory.share()) {
      share.grow(MEGABYTE);
      share.grow(10);
      assertThat(memory.available()).isEqualTo(MEGABYTE - 10);
    }

    assertThat(memory.available()).isEqualTo(2 * MEGABYTE);
  }

  @Test
  void should_refuse_records_that_do_not_fit_and_keep_the_accepted_ones() throws Exception {
    try (BodyMemory.Share first = memory.share();
        BodyMemory.Share second = memory.share()) {
      first.grow(2 * MEGABYTE - 1);

      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(() -> second.grow(2))
          .satisfies(e -> assertThat(e.answer().status()).isEqualTo(503));
      assertThat(memory.available()).isEqualTo(1);
      second.grow(1);
    }

    assertThat(memory.available()).isEqualTo(2 * MEGABYTE);
  }

  @Test
  void should_let_all_finish_that_fit_when_large_bodies_come_together() throws Exception {
    BodyMemory room = new BodyMemory(35);
    try (BodyMemory.Share first = room.share();
        BodyMemory.Share second = room.share();
        BodyMemory.Share third = room.share()) {
      for (BodyMemory.Share share : List.of(first, second, third)) {
        share.grow(BodyMemory.SMALL_BYTES); // all have begun to arrive
      }
      first.grow(14 * MEGABYTE);
      second.grow(14 * MEGABYTE);
      assertThatExceptionOfType(RejectedException.class)
          .isThrownBy(() -> third.grow(14 * MEGABYTE));

      try (BodyMemory.Share small = room.share()) {
        small.grow(BodyMemory.SMALL_BYTES); // finds room although large ones were turned down
      }
    }
    assertThat(room.available()).isEqualTo(35 * MEGABYTE);
    try (BodyMemory.Share again = room.share()) {
      again.grow(WebhookRequest.MAX_BYTES);
    }
  }

  @Test
  void should_have_room_for_one_body_and_leave_most_of_the_heap_when_nothing_is_set() {
    long heap = Runtime.getRuntime().maxMemory() / MEGABYTE;

    assertThat((long) BodyMemory.defaultMegabytes())
        .isBetween(25L, Math.max(25L, Math.min(128L, heap / 8)));
  }
}
