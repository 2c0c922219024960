package dev.eventcollector.examples.webhooks.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final int THREADS = 4;
  private static final int KINDS = 500;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Tally<String> tally = Tally.metered(registry, "things", "Things.", "kind");

  @Test
  void should_count_all_in_the_meter_when_several_threads_are_the_first_of_a_kind()
      throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(THREADS);
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(CompletableFuture.runAsync(() -> addEachKind(barrier), r -> thread(r).start()));
    }
    for (CompletableFuture<Void> thread : threads) {
      thread.get(60, TimeUnit.SECONDS);
    }

    assertThat(registry.find("things").functionCounters())
        .hasSize(KINDS)
        .allMatch(counter -> counter.count() == THREADS);
    assertThat(tally.total()).isEqualTo((long) THREADS * KINDS);
  }

  private static Thread thread(Runnable work) {
    return new Thread(work, "adds");
  }

  private void addEachKind(CyclicBarrier barrier) {
    try {
      for (int kind = 0; kind < KINDS; kind++) {
        barrier.await(60, TimeUnit.SECONDS);
        tally.add("kind " + kind);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
