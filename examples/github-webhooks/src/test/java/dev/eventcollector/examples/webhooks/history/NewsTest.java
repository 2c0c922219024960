package dev.eventcollector.examples.webhooks.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.webhooks.app.TestApp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NewsTest {

  private final News news = new News(Clock.fixed(Instant.ofEpochMilli(7), ZoneOffset.UTC));
  private final List<String> changes = new ArrayList<>();

  @Test
  @Timeout(60)
  void should_not_wait_for_a_thread_that_asks_and_change_all_in_order() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    CompletableFuture<Boolean> inTime =
        CompletableFuture.supplyAsync(
            () ->
                news.ask(
                    () -> {
                      asked.countDown();
                      return await(told);
                    }));
    asked.await();

    for (int i = 0; i < 150; i++) { // more than one thread makes for others
      String change = String.valueOf(i);
      news.tell(() -> changes.add(change + " at " + news.now()));
    }
    told.countDown();

    assertThat(inTime.get(TestApp.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(news.ask(() -> List.copyOf(changes))).hasSize(150).startsWith("0 at 7", "1 at 7");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(50, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
