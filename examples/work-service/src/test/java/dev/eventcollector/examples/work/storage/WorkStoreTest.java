package dev.eventcollector.examples.work.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WorkStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Computation SIX = new Computation(NOW, NOW.plusSeconds(1), 6);

  /** On two processors the common pool has a single thread, where nothing happens at once. */
  private static final Executor THREAD_EACH = task -> new Thread(task).start();

  private FreshDatabase fresh;
  private Database database;
  private WorkStore works;

  @BeforeEach
  void open() throws Exception {
    fresh = FreshDatabase.create();
    database = fresh.open(4);
    works = database.works();
  }

  @AfterEach
  void close() throws Exception {
    database.close();
    fresh.close();
  }

  @Test
  void should_keep_one_work_when_demand_is_finished_by_two_at_once() {
    CountDownLatch both = new CountDownLatch(2);
    List<CompletableFuture<Optional<Work>>> finished = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      finished.add(
          CompletableFuture.supplyAsync(
              () -> {
                both.countDown();
                await(both);
                return works.finishDemand("same", 3, SIX);
              },
              THREAD_EACH));
    }

    List<Work> made = finished.stream().flatMap(each -> each.join().stream()).toList();
    assertThat(made).containsExactly(works.findByDemand("same").orElseThrow());
    assertThat(fresh.query("select count(*) from works")).containsExactly("1");
    assertThat(fresh.query("select count(*) from events")).containsExactly("3");
  }

  @Test
  void should_leave_no_trace_of_second_work_when_demand_was_finished() {
    Optional<Work> first = works.finishDemand("same", 3, SIX);

    assertThat(works.finishDemand("same", 3, SIX)).isEmpty();
    assertThat(works.findByDemand("same")).isEqualTo(first).isPresent();
    assertThat(fresh.query("select count(*) from works")).containsExactly("1");
    assertThat(works.create("api-", 1, NOW)).as("the pool is usable").isNotNull();
  }

  @Test
  void should_leave_work_as_it_was_when_computing_fails() {
    Work created = works.create("api-", 3, NOW);

    assertThatThrownBy(
            () ->
                works.finishNext(
                    NOW,
                    work -> {
                      throw new IllegalStateException("half-way");
                    }))
        .hasMessage("half-way");

    assertThat(works.find(created.id())).contains(created);
    assertThat(fresh.query("select count(*) from events")).containsExactly("0");
    assertThat(works.dueAnnouncements()).isEmpty();
  }

  @Test
  void should_skip_work_when_another_scheduler_is_at_it() throws Exception {
    works.create("api-", 3, NOW);
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Optional<Work>> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return works.finishNext(
                    NOW,
                    work -> {
                      taken.countDown();
                      await(goOn);
                      return SIX;
                    });
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            THREAD_EACH);
    await(taken);

    Optional<Work> meanwhile = works.finishNext(NOW, work -> SIX);
    goOn.countDown();

    assertThat(meanwhile).isEmpty();
    assertThat(other.join()).map(Work::result).contains(6L);
  }

  @Test
  void should_leave_work_alone_when_it_is_too_old_or_not_of_the_api() throws Exception {
    works.create("api-", 3, NOW.minus(Duration.ofHours(7)));
    works.create("other-", 3, NOW);

    assertThat(works.finishNext(NOW.minus(Duration.ofHours(6)), work -> SIX)).isEmpty();
  }

  @Test
  void should_owe_announcement_when_scheduled_work_is_done_until_it_is_announced()
      throws Exception {
    works.create("api-", 3, NOW);
    Work finished = works.finishNext(NOW, work -> SIX).orElseThrow();

    assertThat(works.dueAnnouncements()).containsExactly(finished);
    works.markAnnounced(finished);
    assertThat(works.dueAnnouncements()).isEmpty();
  }

  @Test
  void should_find_literally_when_prefix_has_wildcards() {
    works.create("100%_", 1, NOW);
    works.create("100xx", 1, NOW);

    assertThat(works.findByPrefixOfCode("100%_")).hasSize(1);
    assertThat(works.findByPrefixOfCode("100\\%")).isEmpty();
    assertThat(works.findByPrefixOfCode("'; drop table works; --")).isEmpty();
    assertThat(works.findByPrefixOfCode("1".repeat(10_000))).isEmpty();
    assertThat(works.findByPrefixOfCode("1\u0000")).isEmpty();
    assertThat(works.findByPrefixOfCode("100")).hasSize(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
