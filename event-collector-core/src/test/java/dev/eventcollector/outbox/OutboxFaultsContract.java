package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Take-over, leases, refused events, on every database. */
abstract class OutboxFaultsContract extends OutboxFixture {

  OutboxFaultsContract(TestDatabase database) {
    super(database);
  }

  @Test
  void should_publish_in_order_the_events_that_a_dead_process_has_left_promise_11_13()
      throws SQLException {
    storeAsAProcessThatDies(numbers(1, 2500));

    Service service = service();

    awaitDelivered(numbers(1, 2500));
    await().untilAsserted(() -> assertThat(database.count("event_outbox_owner")).isEqualTo(1));
    assertThat(service.outbox().state().takenOver()).isZero();
    assertThat(broker.delivered.get(0)).isEqualTo(events("1").get(0));
  }

  @Test
  void should_let_a_living_process_alone_promise_14() throws SQLException {
    broker.down();
    Service first = service(outbox -> outbox.lease(Duration.ofSeconds(9)));
    placeOrder(first, 1);
    long until = longestLease();
    Service second = service();
    await().untilAsserted(() -> assertThat(longestLease()).as("renewed").isGreaterThan(until));
    assertThat(second.outbox().state().takenOver()).isZero();
    broker.up();
    awaitDelivered("1");
    assertThat(second.events().state().takenOver()).isZero();
  }

  private long longestLease() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select max(alive_until) from event_outbox_owner")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void should_publish_once_when_several_processes_could_take_over_promise_14() throws SQLException {
    storeAsAProcessThatDies(numbers(1, 300));
    service();
    service();
    service();
    awaitDelivered(numbers(1, 300));
  }

  @Test
  void should_let_one_of_two_claim_an_owner_promise_14() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Dialect dialect = Dialect.of(connection);
      Owners owners = new Owners(dialect, 30_000);
      new Owners(dialect, -1).begin(connection, 7, "dead", 7);
      assertThat(owners.begin(connection, 7, "again", 7)).isFalse();
      assertThat(owners.expired(connection)).containsExactly(7L);

      assertThat(owners.claim(connection, 7, 1)).isTrue();
      assertThat(owners.claim(connection, 7, 2)).isFalse();

      assertThat(owners.holds(connection, 1, 7)).isTrue();
      assertThat(owners.renew(connection, 7)).as("the dead one has lost it").isZero();
      assertThat(owners.renew(connection, 1)).isEqualTo(1);
      assertThat(owners.expired(connection)).isEmpty();
    }
  }

  @Test
  void should_hand_on_the_rest_when_it_is_closed() throws SQLException {
    broker.down();
    Service first = service(outbox -> outbox.lease(Duration.ofHours(1)));
    placeOrder(first, 1);
    placeOrder(first, 2);
    first.events().close(Duration.ZERO);
    assertThat(database.count("event_outbox")).isEqualTo(2);
    assertThat(first.events().state().stored()).isEqualTo(2);
    broker.up();

    service();

    awaitDelivered("1", "2");
  }

  @Test
  void should_leave_no_owner_behind_when_nothing_is_left() throws SQLException {
    Service service = service();
    placeOrder(service, 1);
    service.events().close(Duration.ofSeconds(5));
    assertThat(broker.bodies()).containsExactly("1");
    assertThat(database.count("event_outbox")).isZero();
    assertThat(database.count("event_outbox_owner")).isZero();
  }

  @Test
  void should_find_rows_that_are_committed_under_a_forgotten_owner_promise_11()
      throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Rows.insert(connection, 77, 5, events("late"));
    }
    service();
    awaitDelivered("late");
  }

  @Test
  void should_read_again_when_rows_are_committed_during_a_take_over_promise_11() throws Exception {
    long owner = storeAsAProcessThatDies("2");
    try (Connection late = dataSource.getConnection()) {
      late.setAutoCommit(false);
      Rows.insert(late, owner, FIRST_OF_DEAD - 1, events("1"));
      broker.before =
          () -> {
            try {
              if (!late.getAutoCommit()) {
                late.commit();
                late.setAutoCommit(true);
              }
            } catch (SQLException e) {
              throw new AssertionError(e);
            }
          };
      service();
      await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly("2", "1"));
    }
    awaitNoRows();
  }

  @Test
  void should_go_on_as_a_new_owner_when_the_lease_was_lost_promise_14() throws SQLException {
    broker.down();
    Service service = service();
    placeOrder(service, 1);
    await().until(() -> service.outbox().state().spilled() == 1);
    database.execute(
        "update event_outbox_owner set holder = 99, alive_until = alive_until + 3600000");
    await().untilAsserted(() -> assertThat(database.count("event_outbox_owner")).isEqualTo(2));
    placeOrder(service, 2);
    broker.up();
    awaitDelivered("1", "2");
  }

  @Test
  void should_count_events_that_another_process_has_confirmed_after_the_lease_was_lost()
      throws SQLException {
    broker.down();
    Service service = service();
    placeOrder(service, 1);
    placeOrder(service, 2);
    await().until(() -> service.outbox().state().spilled() == 2);
    database.execute("delete from event_outbox where n = 1");
    int attempts = broker.chunks.size();
    await().until(() -> broker.chunks.size() >= attempts + 2); // the last has read it without 1
    broker.up();
    awaitDelivered("2");
    await().untilAsserted(() -> assertThat(service.events().state().confirmed()).isEqualTo(2));
  }

  @Test
  void should_miss_no_row_when_another_is_deleted_while_it_reads_promise_11() throws SQLException {
    long owner = storeAsAProcessThatDies("1", "2");
    Range range = new Range(owner, FIRST_OF_DEAD, FIRST_OF_DEAD + 1);
    try (Connection connection = dataSource.getConnection()) {
      Connection deleting =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, method, args) -> {
                    if (String.valueOf(args[0]).contains("stored_at")) { // the second statement
                      database.execute("delete from event_outbox where n = " + FIRST_OF_DEAD);
                    }
                    return method.invoke(connection, args);
                  });

      Rows.Batch batch = Rows.read(deleting, range, 1);

      assertThat(batch.rows()).isEmpty();
      assertThat(batch.upTo()).isEqualTo(FIRST_OF_DEAD);
      assertThat(Rows.read(connection, range, 1).rows()).hasSize(1);
    }
  }

  @Test
  void should_step_aside_and_then_be_parked_when_an_event_is_refused() throws SQLException {
    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(3));
    broker.answer =
        event ->
            event.bodyAsText().equals("1") ? Outcome.returned("312 NO_ROUTE") : Outcome.confirmed();
    placeOrder(service, 1);
    placeOrder(service, 2);

    await().untilAsserted(() -> assertThat(service.outbox().countParked()).isEqualTo(1));
    awaitDelivered("2");
    await().untilAsserted(() -> assertThat(undeliverable).hasSize(1));
    assertThat(service.events().state().undeliverable()).isEqualTo(1);
    ParkedEvent parked = service.outbox().parked(10).get(0);
    assertThat(parked.event().bodyAsText()).isEqualTo("1");
    assertThat(parked.attempts()).isEqualTo(3);
    assertThat(parked.reason()).isEqualTo("RETURNED (312 NO_ROUTE)");

    broker.up();
    assertThat(service.outbox().requeue(List.of(parked))).isEqualTo(1);
    assertThat(service.outbox().requeue(List.of(parked))).isZero();
    awaitDelivered("2", "1");
    assertThat(broker.delivered.get(1).id()).isEqualTo(parked.event().id());
    assertThat(service.outbox().parked(10)).isEmpty();
  }

  @Test
  void should_park_a_row_that_it_cannot_read_and_publish_the_others() throws SQLException {
    long owner = storeAsAProcessThatDies("1", "2", "3");
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "update event_outbox set properties = ? where owner = ? and n = ?")) {
      update.setBytes(1, new byte[] {99, 1, 2, 3}); // of a version to come
      update.setLong(2, owner);
      update.setLong(3, FIRST_OF_DEAD + 1);
      update.executeUpdate();
    }

    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(2));

    awaitDelivered("1", "3");
    await().until(() -> service.outbox().countParked() == 1);
    ParkedEvent parked = service.outbox().parked(1).get(0);
    assertThat(parked.reason()).contains("version 99");
    assertThat(parked.event().bodyAsText()).isEqualTo("2");

    service.outbox().requeue(List.of(parked));
    await().until(() -> service.outbox().countParked() == 1);
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select properties from event_outbox_parked")) {
      row.next();
      assertThat(row.getBytes(1)).as("kept for the version that can read it").startsWith(99, 1);
    }
  }

  @Test
  void should_delete_parked_events_when_they_are_discarded() throws SQLException {
    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(1));
    broker.answer = event -> Outcome.nacked("full");
    placeOrder(service, 1);
    await().until(() -> service.outbox().countParked() == 1);
    assertThat(service.outbox().discard(service.outbox().parked(10))).isEqualTo(1);
    assertThat(service.outbox().countParked()).isZero();
  }

  @Test
  void should_publish_waiting_events_while_many_others_are_refused_again_and_again()
      throws SQLException {
    Service service =
        service(dataSource, outbox -> outbox, events -> events.maxAttempts(Integer.MAX_VALUE));
    Function<Event, Outcome> refusing =
        event ->
            event.queue().equals("missing")
                ? Outcome.returned("no such queue")
                : Outcome.confirmed();
    broker.answer = refusing;
    int refused = 2_000; // each comes again every 20 ms, so that some are always due
    service
        .outbox()
        .inTransaction(
            connection -> {
              for (int i = 0; i < refused; i++) {
                service.events().enqueueEvent("refused", "missing");
              }
            });
    await().until(() -> service.outbox().state().refused() == refused);
    broker.down();
    placeOrder(service, 1);
    await().until(() -> service.outbox().state().spilled() == 1);
    broker.answer = refusing;

    await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly("1"));
    broker.up();
    awaitNoRows();
  }

  @Test
  void should_deliver_a_refused_event_when_its_queue_is_there_again() throws SQLException {
    Service service = service();
    broker.answer = event -> Outcome.returned("312 NO_ROUTE");
    placeOrder(service, 1);
    await().until(() -> service.outbox().state().refused() == 1);
    broker.up();
    awaitDelivered("1");
    assertThat(service.outbox().state().refused()).isZero();
  }

  @Test
  void should_park_refused_events_of_a_dead_process_and_finish_its_take_over() throws SQLException {
    storeAsAProcessThatDies("1", "2", "3");
    broker.answer =
        event -> event.bodyAsText().equals("2") ? Outcome.returned("no") : Outcome.confirmed();
    Service service = service(dataSource, outbox -> outbox, events -> events.maxAttempts(3));
    awaitDelivered("1", "3");
    assertThat(service.outbox().countParked()).isEqualTo(1);
    await().untilAsserted(() -> assertThat(database.count("event_outbox_owner")).isEqualTo(1));
  }

  @Test
  void should_take_over_in_order_though_the_broker_comes_and_goes_promise_13() throws SQLException {
    storeAsAProcessThatDies(numbers(1, 100));
    int[] calls = {0};
    broker.answer = event -> calls[0]++ % 7 == 3 ? Outcome.unknown("cut") : Outcome.confirmed();
    service();
    await().until(() -> broker.delivered.size() >= 100);
    awaitNoRows();
    assertThat(broker.bodies()).doesNotHaveDuplicates();
  }

  @Test
  void should_keep_its_lease_and_publish_when_the_pool_is_exhausted() throws Exception {
    Service service = service();
    placeOrder(service, 1);
    awaitDelivered("1");
    List<Connection> all = new ArrayList<>();
    try {
      while (dataSource.getHikariPoolMXBean().getActiveConnections()
          < dataSource.getMaximumPoolSize()) {
        all.add(dataSource.getConnection());
      }
      Connection last = all.get(0);
      last.setAutoCommit(false);
      service.events().enqueueEvent("2", "orders");
      service.outbox().store(last);
      last.commit();
      last.setAutoCommit(true);
      await().untilAsserted(() -> assertThat(broker.bodies()).containsExactly("1", "2"));
      await()
          .untilAsserted(
              () -> {
                try (var statement = last.createStatement();
                    var row = statement.executeQuery("select count(*) from event_outbox")) {
                  row.next();
                  assertThat(row.getLong(1)).isZero();
                }
              });
    } finally {
      for (Connection connection : all) {
        connection.close();
      }
    }
  }
}
