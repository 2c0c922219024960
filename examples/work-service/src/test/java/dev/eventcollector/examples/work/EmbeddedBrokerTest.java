package dev.eventcollector.examples.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.examples.support.testing.AppProcess;
import dev.eventcollector.examples.work.storage.FreshDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes, at a SIGTERM, of demands in a broker that ends with the process. */
@Timeout(600)
class EmbeddedBrokerTest {

  private static final String REFUSAL = "no_work_of_the_consumer";

  @TempDir private Path directory;
  private FreshDatabase database;

  @BeforeEach
  void create() throws Exception {
    database = FreshDatabase.create();
  }

  @AfterEach
  void drop() throws Exception {
    database.close();
  }

  private AppProcess start(String... arguments) throws Exception {
    return new Surroundings(directory, "", database.url())
        .of(WorkService.class, arguments)
        .with("PORT", "0")
        .with("CONCURRENCY", "1")
        .with("INTERVAL", "1ms")
        .start(directory);
  }

  /** Lets demands fail: they wait in the queues of the retries. */
  private void refuse() throws Exception {
    database.open(2).close(); // makes the tables
    database.execute(
        "alter table works add constraint "
            + REFUSAL
            + " check (not starts_with(work_code, 'consumer-'))");
  }

  @Test
  void should_do_what_the_worker_has_fetched_when_it_ends() throws Exception {
    try (AppProcess service =
        start("--count=2", "--add-up-to=20", "--step=100ms", "--drain-timeout=1m")) {
      service.await("demanded as many works");
      service.await("adding up to 20");

      assertThat(service.end()).as(service.output()).isZero();

      assertThat(database.query("select count(*) from works where done")).containsExactly("2");
    }
  }

  @Test
  void should_do_what_waits_for_its_next_attempt_when_it_ends() throws Exception {
    refuse();
    try (AppProcess service = start("--count=1", "--step=0ms", "--drain-timeout=1m")) {
      service.await("will be tried again in 5");
      database.execute("alter table works drop constraint " + REFUSAL);

      assertThat(service.end()).as(service.output()).isZero();

      assertThat(database.query("select count(*) from works where done")).containsExactly("1");
    }
  }

  @Test
  void should_end_with_1_when_a_demand_still_waits_for_its_next_attempt() throws Exception {
    refuse();
    try (AppProcess service = start("--count=1", "--step=0ms", "--drain-timeout=2s")) {
      service.await("will be tried again in 5");

      assertThat(service.end()).as(service.output()).isEqualTo(1);

      assertThat(service.output())
          .contains("1 demand(s) are left in the embedded broker")
          .doesNotContain("drained: nothing is left");
    }
  }
}
