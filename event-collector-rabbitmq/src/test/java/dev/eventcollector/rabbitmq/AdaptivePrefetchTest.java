package dev.eventcollector.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptivePrefetchTest {

  private static final long MILLI = 1_000_000;

  private final AdaptivePrefetch prefetch = new AdaptivePrefetch(1, 2, 1_000);

  private int after(int deliveries, long nanos, int bytes) {
    int wanted = 0;
    for (int i = 0; i < deliveries; i++) {
      wanted = Math.max(wanted, prefetch.handled(nanos, bytes));
    }
    return wanted;
  }

  @Test
  void should_aim_at_100_ms_of_work() {
    assertThat(after(4, MILLI, 100)).isEqualTo(100);
  }

  @Test
  void should_grow_to_its_bound_when_handlers_are_fast() {
    assertThat(after(4, 1_000, 100)).isEqualTo(1_000);
  }

  @Test
  void should_stay_when_handlers_are_slow() {
    assertThat(after(100, 50 * MILLI, 100)).isZero();
  }

  @Test
  void should_keep_within_32_MiB_when_deliveries_are_large() {
    assertThat(after(4, 1_000, 1024 * 1024)).isEqualTo(32);
  }

  @Test
  void should_shrink_when_handlers_become_slow() {
    prefetch.became(1_000);

    assertThat(after(200, 10 * MILLI, 100)).isEqualTo(10);
  }

  @Test
  void should_count_the_work_of_all_threads() {
    AdaptivePrefetch of8 = new AdaptivePrefetch(8, 16, 1_000);
    int wanted = 0;
    for (int i = 0; i < 32; i++) {
      wanted = Math.max(wanted, of8.handled(10 * MILLI, 100));
    }
    assertThat(wanted).isEqualTo(80);
  }
}
