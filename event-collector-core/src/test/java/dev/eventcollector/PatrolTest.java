package dev.eventcollector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatrolTest {

  @Test
  void should_look_again_when_a_look_has_failed() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    Patrol patrol =
        new Patrol(
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new NullPointerException("on purpose");
              }
              second.countDown();
              return 0;
            });

    patrol.ensureRunning();

    assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
    patrol.stop();
  }
}
