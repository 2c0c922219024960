package dev.eventcollector.examples.forwarder.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SinkHealthTest {

  private volatile long nanos;
  private volatile CountDownLatch connected = new CountDownLatch(0);
  private final SinkHealth health =
      new SinkHealth(SinkAddress.parse("http://sink:8080"), this::look, () -> nanos);
  private final CountDownLatch looks = new CountDownLatch(1);

  private Optional<String> look() {
    try {
      if (connected.getCount() > 0) {
        looks.countDown();
        connected.await();
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A thread whose look takes until it is {@link #connected}. */
  private CompletableFuture<Optional<String>> lookLong() throws InterruptedException {
    connected = new CountDownLatch(1);
    CompletableFuture<Optional<String>> asked =
        CompletableFuture.supplyAsync(
            health::findObstacle, task -> new Thread(task, "looks").start());
    assertThat(looks.await(60, TimeUnit.SECONDS)).isTrue();
    return asked;
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void should_not_say_that_it_is_usable_while_the_first_look_takes() throws Exception {
    CompletableFuture<Optional<String>> first = lookLong();

    assertThat(health.findObstacle().orElseThrow()).contains("not known yet", "http://sink:8080");

    connected.countDown();
    assertThat(first.get(60, TimeUnit.SECONDS)).isEmpty();
    assertThat(health.findObstacle()).isEmpty();
  }

  @Test
  void should_say_what_was_seen_last_while_another_looks_and_only_when_that_is_not_old()
      throws Exception {
    assertThat(health.findObstacle()).isEmpty();
    pass(Duration.ofSeconds(10));
    CompletableFuture<Optional<String>> second = lookLong();

    assertThat(health.findObstacle()).isEmpty();
    pass(Duration.ofMinutes(1));
    assertThat(health.findObstacle()).isPresent();

    connected.countDown();
    assertThat(second.get(60, TimeUnit.SECONDS)).isEmpty();
    assertThat(health.findObstacle()).isEmpty();
  }
}
