package dev.eventcollector.examples.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
  void should_turn_down_what_does_not_fit_and_keep_what_was_taken() throws Exception {
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
}
