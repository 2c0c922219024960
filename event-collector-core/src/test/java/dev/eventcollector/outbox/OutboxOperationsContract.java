package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import dev.eventcollector.micrometer.EventCollectorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How operators watch an outbox, and work on it by command, on every database. */
abstract class OutboxOperationsContract extends OutboxFixture {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  OutboxOperationsContract(TestDatabase database) {
    super(database);
  }

  private double gauge(String name) {
    return registry.get("event.collector.outbox." + name).gauge().value();
  }

  private double age() {
    return registry.get("event.collector.outbox.oldest.age").timeGauge().value(TimeUnit.SECONDS);
  }

  private Service metered() {
    return service(
        dataSource,
        outbox -> outbox,
        events -> events.maxAttempts(1).listener(new EventCollectorMetrics(registry)));
  }

  @Test
  void should_meter_waiting_parked_and_taken_over_events() throws SQLException {
    storeAsAProcessThatDies("1");
    database.execute("update event_outbox set stored_at = stored_at - 60000");
    broker.down();

    Service service = metered();

    await().untilAsserted(() -> assertThat(age()).isBetween(60.0, 600.0));
    assertThat(registry.get("event.collector.outbox.takeovers").functionCounter().count()).isOne();
    assertThat(gauge("parked")).isZero();
    assertThat(gauge("working")).isOne();

    broker.answer = event -> Outcome.returned("no such queue");
    await().untilAsserted(() -> assertThat(gauge("parked")).isOne());
    await().untilAsserted(() -> assertThat(age()).isZero());
    await().untilAsserted(() -> assertThat(service.events().state().undeliverable()).isOne());
  }

  @Test
  void should_tell_that_it_cannot_work_in_the_database() throws Exception {
    CountDownLatch renamed = new CountDownLatch(1);
    broker.before = () -> awaitQuietly(renamed);
    Service service = metered();
    placeOrder(service, 1);
    await().until(() -> broker.waiting.get() == 1);
    assertThat(service.outbox().state().databaseTrouble()).isNull();

    database.execute("alter table event_outbox rename to event_outbox_elsewhere");
    try {
      renamed.countDown();
      await().untilAsserted(() -> assertThat(gauge("working")).isZero());
      assertThat(gauge("undeleted")).isOne();
      assertThat(service.outbox().state().databaseTrouble()).containsIgnoringCase("event_outbox");
      assertThat(broker.bodies()).containsExactly("1");
    } finally {
      database.execute("alter table event_outbox_elsewhere rename to event_outbox");
    }
    await().untilAsserted(() -> assertThat(gauge("working")).isOne());
    awaitNoRows();
    await().untilAsserted(() -> assertThat(gauge("undeleted")).isZero());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Parks events, and ends the process that has. */
  private List<ParkedEvent> park(String... bodies) throws SQLException {
    storeAsAProcessThatDies(bodies);
    broker.answer = event -> Outcome.returned("no such\nqueue");
    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(1));
    await().until(() -> service.outbox().countParked() == bodies.length);
    List<ParkedEvent> parked = service.outbox().parked(bodies.length);
    service.events().close();
    broker.up();
    return parked;
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    return command().run(arguments);
  }

  private OutboxCommand command() {
    Map<String, String> environment = new HashMap<>();
    environment.put("OUTBOX_JDBC_URL", dataSource.getJdbcUrl());
    environment.put("OUTBOX_JDBC_USER", dataSource.getUsername());
    environment.put("OUTBOX_JDBC_PASSWORD", dataSource.getPassword());
    return new OutboxCommand(print(out), print(err), environment);
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void should_list_count_and_show_parked_events() throws SQLException {
    List<ParkedEvent> parked = park("1", "2\u001b \"two\"");
    String key = ParkedText.key(parked.get(0));

    assertThat(run("count")).isZero();
    assertThat(said().strip()).isEqualTo("2");
    assertThat(run("count", "--json")).isZero();
    assertThat(said().strip()).isEqualTo("{\"count\":2}");

    assertThat(run("list")).isZero();
    assertThat(said().lines()).hasSize(2);
    assertThat(said())
        .contains(key + "  ", "  1  orders  id-1  RETURNED (no such?queue)")
        .doesNotContain("\u001b");
    assertThat(run("list", "--offset", "1", "--limit", "1", "--json")).isZero();
    assertThat(said()).startsWith("[{\"key\":\"").contains("\"id\":\"id-2\\u001b").endsWith("]\n");
    assertThat(said()).doesNotContain("\"id\":\"id-1\"").doesNotContain("body");

    assertThat(run("show", key)).isZero();
    assertThat(said()).contains("key: " + key, "headers: {a=1}", "body: 1", "attempts: 1");
    assertThat(run("show", ParkedText.key(parked.get(1)), "--json")).isZero();
    assertThat(said()).contains("\"body\":\"2\\u001b \\\"two\\\"\"");
  }

  @Test
  void should_requeue_and_discard_while_no_process_runs() throws SQLException {
    List<ParkedEvent> parked = park("1", "2", "3");

    assertThat(run("requeue", ParkedText.key(parked.get(1)))).isZero();
    assertThat(said().strip()).isEqualTo("1");
    assertThat(run("requeue", ParkedText.key(parked.get(1)))).as("it is not parked").isOne();
    assertThat(complained()).contains("there is no such parked event");
    assertThat(run("discard", ParkedText.key(parked.get(0)), "--json")).isZero();
    assertThat(said().strip()).isEqualTo("{\"discarded\":1}");
    assertThat(run("discard", ParkedText.key(parked.get(0)))).isOne();
    assertThat(run("count")).isZero();
    assertThat(said().strip()).isEqualTo("1");
    assertThat(broker.delivered).isEmpty();

    service();

    awaitDelivered("2");
    assertThat(broker.delivered).extracting(Event::id).containsExactly("id-2");
    await().untilAsserted(() -> assertThat(database.count("event_outbox_owner")).isOne());
  }

  @Test
  void should_requeue_all_for_one_of_the_processes_that_run_promise_14() throws SQLException {
    park(numbers(1, 1100));
    service();
    service();

    assertThat(run("requeue-all", "--json")).isZero();

    assertThat(said().strip()).isEqualTo("{\"requeued\":1100}");
    await().until(() -> broker.delivered.size() >= 1100);
    awaitNoRows();
    assertThat(broker.bodies()).containsExactlyInAnyOrder(numbers(1, 1100));
    assertThat(database.count("event_outbox_parked")).isZero();
  }

  @Test
  void should_requeue_all_when_they_were_parked_by_a_clock_that_is_ahead() throws Exception {
    park(numbers(1, 3));
    database.execute("update event_outbox_parked set parked_at = parked_at + 3600000");

    assertThat(run("requeue-all")).isZero();

    assertThat(said().strip()).isEqualTo("3");
    assertThat(database.count("event_outbox_parked")).isZero();
  }

  @Test
  void should_requeue_once_when_several_do_at_the_same_time() throws Exception {
    park(numbers(1, 50));
    ExecutorService commands = Executors.newFixedThreadPool(3);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Integer>> done = new java.util.ArrayList<>();
      for (int i = 0; i < 3; i++) {
        done.add(
            commands.submit(
                () -> {
                  go.await();
                  return command().run("requeue-all");
                }));
      }
      go.countDown();
      for (Future<Integer> one : done) {
        assertThat(one.get(60, TimeUnit.SECONDS)).as(this::complained).isZero();
      }
    } finally {
      commands.shutdownNow();
    }

    service();

    await().until(() -> broker.delivered.size() >= 50);
    awaitNoRows();
    assertThat(broker.bodies()).containsExactlyInAnyOrder(numbers(1, 50));
  }

  @Test
  void should_tell_wrong_use_from_failure_and_show_no_password() throws SQLException {
    for (String[] wrong :
        new String[][] {
          {},
          {"frobnicate"},
          {"list", "more"},
          {"list", "--limit", "0"},
          {"list", "--limit"},
          {"show"},
          {"requeue", "17"},
          {"requeue", "9999999999999999999-1"},
          {"--password", "secret", "list"}
        }) {
      assertThat(run(wrong)).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(complained()).contains("usage: OutboxCommand");
    }
    assertThat(new OutboxCommand(print(out), print(err), Map.of()).run("list")).isEqualTo(2);
    assertThat(complained()).contains("OUTBOX_JDBC_URL");
    assertThat(run("--url", "", "list")).isEqualTo(2);

    assertThat(run("--url", "jdbc:nothing:of;password=secret", "list")).isOne();
    assertThat(complained()).isNotBlank().doesNotContain("secret");
    database.execute("alter table event_outbox_parked rename to event_parked_elsewhere");
    try {
      assertThat(run("list")).isOne();
      assertThat(complained()).contains("event_outbox_parked");
    } finally {
      database.execute("alter table event_parked_elsewhere rename to event_outbox_parked");
    }
    assertThat(run("--help")).isZero();
    assertThat(said()).contains("usage: OutboxCommand");
  }
}
