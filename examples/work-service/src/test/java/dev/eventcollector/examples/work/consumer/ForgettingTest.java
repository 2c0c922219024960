package dev.eventcollector.examples.work.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.examples.work.model.Computation;
import dev.eventcollector.examples.work.program.Deadline;
import dev.eventcollector.examples.work.storage.Database;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ForgettingTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final String HANDLED = "select message_id from handled_demands order by 1";

  private FreshDatabase fresh;
  private Database database;

  @BeforeEach
  void open() throws Exception {
    fresh = FreshDatabase.create();
    database = fresh.open(3);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
    fresh.close();
  }

  private void handled(String id, String ago) throws Exception {
    Instant now = Instant.now();
    database.works().finishDemand(id, 3, new Computation(now, now, 6));
    fresh.execute(
        "update handled_demands set handled_on = now() - interval '%s' where message_id = '%s'"
            .formatted(ago, id));
  }

  @Test
  void should_forget_demand_and_keep_its_work_when_it_is_older_than_the_memory() throws Exception {
    handled("old", "7 days 1 second");
    handled("young", "6 days 23 hours");

    Forgetting forgetting = Forgetting.start(database.works(), WEEK, Duration.ofHours(1));

    await().atMost(PATIENCE).until(() -> fresh.query(HANDLED), List.of("young")::equals);
    assertThat(forgetting.drain(Deadline.in(PATIENCE))).isTrue();
    assertThat(fresh.query("select count(*) from works")).containsExactly("2");
    assertThat(fresh.query("select count(*) from events")).containsExactly("6");
  }

  @Test
  void should_forget_in_later_passes_too_when_demands_grow_old() throws Exception {
    Forgetting forgetting = Forgetting.start(database.works(), WEEK, Duration.ofMillis(20));

    handled("one", "8 days");
    await().atMost(PATIENCE).until(() -> fresh.query(HANDLED).isEmpty());
    handled("two", "8 days");
    await().atMost(PATIENCE).until(() -> fresh.query(HANDLED).isEmpty());
    assertThat(forgetting.drain(Deadline.in(PATIENCE))).isTrue();
  }

  @Test
  void should_forget_all_of_them_when_more_have_piled_up_than_go_into_one_transaction()
      throws Exception {
    fresh.execute(
        """
        with many as (
          insert into works (work_code, add_up_to) select 'many-' || n, 1 from generate_series(1, 2500) n
          returning work_code)
        insert into handled_demands select work_code, work_code, now() - interval '8 days' from many
        """);

    Forgetting forgetting = Forgetting.start(database.works(), WEEK, Duration.ofHours(1));

    await().atMost(PATIENCE).until(() -> fresh.query(HANDLED).isEmpty());
    assertThat(forgetting.drain(Deadline.in(PATIENCE))).isTrue();
  }

  @Test
  void should_try_again_when_the_database_has_failed() throws Exception {
    handled("old", "8 days");
    fresh.execute(
        """
        create sequence failures;
        create function fail() returns trigger language plpgsql as
          $$ begin perform nextval('failures'); raise 'no'; end $$;
        create trigger fail before delete on handled_demands for each row execute function fail();
        """);

    Forgetting forgetting = Forgetting.start(database.works(), WEEK, Duration.ofMillis(20));
    await()
        .atMost(PATIENCE)
        .until(() -> fresh.query("select last_value > 1 from failures"), List.of("t")::equals);
    fresh.execute("drop trigger fail on handled_demands");

    await().atMost(PATIENCE).until(() -> fresh.query(HANDLED).isEmpty());
    assertThat(forgetting.drain(Deadline.in(PATIENCE))).isTrue();
  }
}
