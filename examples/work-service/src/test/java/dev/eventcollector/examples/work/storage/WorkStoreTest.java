package dev.eventcollector.examples.work.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.model.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WorkStoreTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Computation SIX = new Computation(NOW, NOW.plusSeconds(1), 6);

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

  private Optional<Work> take(Instant createdSince) throws Exception {
    return FreshDatabase.transact(database, open -> works.take(open, createdSince));
  }

  @Test
  void should_write_start_stop_and_result_when_work_is_done() throws Exception {
    Work done = FreshDatabase.transact(database, open -> works.createDone(open, 3, SIX));

    assertThat(works.find(done.id())).contains(done);
    assertThat(done.workCode()).startsWith("consumer-");
    assertThat(done.result()).isEqualTo(6);
    assertThat(fresh.query("select variable, value from events order by id"))
        .containsExactly("compute/start ", "compute/stop ", "compute/result 6");
  }

  @Test
  void should_leave_no_trace_when_the_transaction_is_rolled_back() throws Exception {
    Work created = works.create("api-", 3, NOW);

    assertThatThrownBy(
            () ->
                FreshDatabase.transact(
                    database,
                    open -> {
                      works.finish(open, works.take(open, NOW).orElseThrow(), SIX);
                      works.createDone(open, 3, SIX);
                      throw new IllegalStateException("half-way");
                    }))
        .hasMessage("half-way");

    assertThat(take(NOW)).contains(created);
    assertThat(fresh.query("select count(*) from works")).containsExactly("1");
    assertThat(fresh.query("select count(*) from events")).containsExactly("0");
  }

  @Test
  void should_skip_work_when_another_scheduler_is_at_it() throws Exception {
    Work created = works.create("api-", 3, NOW);

    Optional<Work> taken =
        FreshDatabase.transact(
            database,
            open -> {
              Optional<Work> first = works.take(open, NOW);
              assertThat(take(NOW)).isEmpty();
              return first;
            });

    assertThat(taken).contains(created);
  }

  @Test
  void should_leave_work_alone_when_it_is_too_old_or_done_or_not_of_the_api() throws Exception {
    works.create("api-", 3, NOW.minus(Duration.ofHours(7)));
    works.create("other-", 3, NOW);
    Work done = works.create("api-", 3, NOW);
    FreshDatabase.transact(database, open -> works.finish(open, done, SIX));

    assertThat(take(NOW.minus(Duration.ofHours(6)))).isEmpty();
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
}
