package dev.eventcollector.examples.work.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.Event;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database of an earlier version, which had tables of its own instead of outbox and inbox. */
@Timeout(180)
class MigrationTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void should_announce_and_recognise_works_of_a_version_without_an_outbox() throws Exception {
    try (FreshDatabase fresh = FreshDatabase.create()) {
      DatabaseUrl url = DatabaseUrl.parse(fresh.url());
      Flyway.configure()
          .dataSource(url.jdbcUrl(), url.user(), url.password())
          .locations("classpath:dev/eventcollector/examples/work/storage/migrations")
          .target("3")
          .load()
          .migrate();
      fresh.execute(
          """
          insert into works (work_code, add_up_to, done, result, created_on, updated_on) values
            ('api-abcdefghij', 3, true, 6, to_timestamp(100.9), to_timestamp(101)),
            ('consumer-klmnopqrst', 2, true, 3, now(), now());
          insert into due_announcements values ('api-abcdefghij');
          insert into handled_demands (message_id, work_code) values ('done', 'consumer-klmnopqrst');
          """);

      try (Database database = fresh.open(4)) {
        JdbcOutbox outbox = JdbcOutbox.builder(database.pool()).build();
        try (InMemoryEventCollector events =
            InMemoryEventCollector.builder().settings(with -> with.outbox(outbox)).build()) {
          await().atMost(PATIENCE).until(() -> !events.publisher().delivered().isEmpty());

          assertThat(events.publisher().delivered()).containsExactly(announcement());
          assertThat(outbox.inTransactionOnce("pp_work_queue", "done", open -> {})).isFalse();
        }
      }
      assertThat(fresh.query("select table_name from information_schema.tables"))
          .doesNotContain("handled_demands", "due_announcements");
    }
  }

  /** As the earlier version would have announced it. */
  private static Event announcement() {
    String id =
        UUID.nameUUIDFromBytes("pp_work_done api-abcdefghij".getBytes(StandardCharsets.UTF_8))
            .toString();
    String body =
        "{\"id\":1,\"work_code\":\"api-abcdefghij\",\"add_up_to\":3,\"done\":true,\"result\":6,"
            + "\"created_on\":100,\"updated_on\":101}";
    return new Event(
        id, "pp_work_done", body.getBytes(StandardCharsets.UTF_8), "application/json", Map.of());
  }

  @Test
  void should_have_the_librarys_tables_when_the_database_is_new() throws Exception {
    try (FreshDatabase fresh = FreshDatabase.create();
        Database database = fresh.open(2)) {
      List<String> before = fresh.query(TABLES);
      fresh.execute(
          "drop table event_outbox, event_outbox_owner, event_outbox_parked, event_inbox");

      JdbcOutbox.builder(database.pool()).createTables(true).build();

      assertThat(fresh.query(TABLES)).as("with the library's own script").isEqualTo(before);
    }
  }

  private static final String TABLES =
      """
      select table_name, column_name, data_type, character_maximum_length, is_nullable, indexdef
      from information_schema.columns
      left join pg_indexes on tablename = table_name
      where table_name like 'event_outbox%' or table_name = 'event_inbox'
      order by 1, ordinal_position, indexdef
      """;
}
