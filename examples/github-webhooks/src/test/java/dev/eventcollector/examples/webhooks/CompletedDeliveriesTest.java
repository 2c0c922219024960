package dev.eventcollector.examples.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompletedDeliveriesTest {

  private final CompletedDeliveries deliveries = new CompletedDeliveries(2);
  private final AtomicInteger done = new AtomicInteger();

  @Test
  void should_do_the_work_once_when_a_delivery_comes_again() throws Exception {
    assertThat(deliveries.completeOnce("a", done::incrementAndGet)).isTrue();
    assertThat(deliveries.completeOnce("a", done::incrementAndGet)).isFalse();
    assertThat(deliveries.completeOnce("b", done::incrementAndGet)).isTrue();

    assertThat(done).hasValue(2);
  }

  @Test
  void should_do_the_work_again_when_it_has_failed() throws Exception {
    assertThatThrownBy(
            () ->
                deliveries.completeOnce(
                    "a",
                    () -> {
                      throw new IOException("no");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(deliveries.completeOnce("a", done::incrementAndGet)).isTrue();
  }

  @Test
  void should_forget_the_oldest_when_it_is_full() throws Exception {
    for (String delivery : new String[] {"a", "b", "c"}) {
      deliveries.completeOnce(delivery, done::incrementAndGet);
    }

    assertThat(deliveries.completeOnce("c", done::incrementAndGet)).isFalse();
    assertThat(deliveries.completeOnce("b", done::incrementAndGet)).isFalse();
    assertThat(deliveries.completeOnce("a", done::incrementAndGet)).isTrue();
  }

  @Test
  void should_wait_for_the_first_when_the_same_delivery_comes_twice_at_a_time() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(
            () ->
                complete(
                    () -> {
                      begun.countDown();
                      goOn.await();
                    }));
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(
            () -> {
              awaitLatch(begun);
              return complete(done::incrementAndGet);
            });
    awaitLatch(begun);
    assertThat(second).isNotDone();

    goOn.countDown();

    await().until(() -> first.isDone() && second.isDone());
    assertThat(first).isCompletedWithValue(true);
    assertThat(second).isCompletedWithValue(false);
    assertThat(done).hasValue(0);
  }

  private boolean complete(CompletedDeliveries.Work work) {
    try {
      return deliveries.completeOnce("a", work);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
