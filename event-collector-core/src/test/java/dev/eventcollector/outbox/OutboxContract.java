package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollectorException;
import dev.eventcollector.EventOptions;
import dev.eventcollector.Exchange;
import dev.eventcollector.InvalidEventException;
import dev.eventcollector.MessageProperties;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishReport;
import dev.eventcollector.UnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The outbox while its process lives, on every database. */
abstract class OutboxContract extends OutboxFixture {

  OutboxContract(TestDatabase database) {
    super(database);
  }

  @Test
  void should_give_the_broker_the_usual_time_when_callers_wait_for_milliseconds() throws Exception {
    Service service =
        service(dataSource, outbox -> outbox, b -> b.publishTimeout(Duration.ofMillis(20)));

    service.outbox().inTransaction(connection -> service.events().enqueueEvent("a", "q"));

    await().until(() -> broker.bodies().equals(List.of("a")));
    assertThat(broker.timeouts).containsOnly(Duration.ofSeconds(5));
  }

  @Test
  void should_publish_and_forget_the_events_of_a_transaction_when_it_is_committed_promise_11()
      throws SQLException {
    Service service = service();

    placeOrder(service, 1);

    awaitDelivered("1");
    assertThat(database.count("orders")).isEqualTo(1);
  }

  @Test
  void should_publish_nothing_when_the_work_throws_promise_12() {
    Service service = service();

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(
            () ->
                service
                    .outbox()
                    .inTransaction(
                        connection -> {
                          insertOrder(connection, 1);
                          service.events().enqueueEvent("1", "orders");
                          throw new IllegalArgumentException("no");
                        }));

    assertThat(database.count("orders")).isZero();
    assertThat(database.count("event_outbox")).isZero();
    assertThat(service.events().state().cleared()).isEqualTo(1);
    assertThat(broker.delivered).isEmpty();
  }

  @Test
  void should_refuse_to_publish_when_the_transaction_is_open_promise_12() throws SQLException {
    Service service = service();
    List<Callable<?>> early =
        List.of(
            () -> service.events().publish(),
            () -> service.events().publishOrThrow(),
            () -> service.events().unitsOfWork().current().orElseThrow().publish(),
            () -> service.events().unitsOfWork().current().orElseThrow().publishLater(),
            () -> service.events().unitsOfWork().current().orElseThrow().publishSoFar(),
            () ->
                AutoPublishingEventCollector.call(
                    service.events(), () -> service.events().publish()));

    for (Callable<?> publishing : early) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  service
                      .outbox()
                      .inTransaction(
                          connection -> {
                            service.events().enqueueEvent("phantom", "orders");
                            publishing.call();
                          }))
          .withMessageContaining("published after the commit");
    }
    placeOrder(service, 1);

    awaitDelivered("1");
    assertThat(service.events().state().cleared()).isEqualTo(early.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"commit", "rollback", "close", "setAutoCommit"})
  void should_refuse_work_that_ends_the_transaction_itself_promise_12(String call) {
    Service service = service();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                service
                    .outbox()
                    .inTransaction(
                        connection -> {
                          insertOrder(connection, 1);
                          service.events().enqueueEvent("1", "orders");
                          switch (call) {
                            case "commit" -> connection.commit();
                            case "rollback" -> connection.rollback();
                            case "close" -> connection.close();
                            default -> connection.setAutoCommit(true);
                          }
                        }))
        .withMessageContaining(call + "() is the outbox's");

    assertThat(service.events().state().cleared()).isEqualTo(1);
    assertThat(broker.delivered).isEmpty();
  }

  @Test
  void should_have_the_rows_in_the_transaction_of_the_work() throws SQLException {
    Service service = service();
    UnitOfWork unit = service.events().unitsOfWork().begin();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (UnitOfWork.Binding bound = unit.bind()) {
        service.events().enqueueEvent("1", "orders");
        service.outbox().store(unit, connection);
        assertThat(unit.state()).isEqualTo(UnitOfWork.State.STORED);
        assertThat(database.count("event_outbox")).as("seen by others").isZero();
      }
      connection.rollback();
      assertThat(unit.clear()).isEqualTo(1);
    }
    assertThat(unit.state()).isEqualTo(UnitOfWork.State.CLEARED);
    assertThat(service.events().state().cleared()).isEqualTo(1);
    assertThat(database.count("event_outbox")).isZero();
  }

  @Test
  void should_return_after_the_commit_and_report_stored_while_the_broker_is_away()
      throws SQLException {
    Service service = service();
    broker.down();
    UnitOfWork unit = service.events().unitsOfWork().begin();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (UnitOfWork.Binding bound = unit.bind()) {
        service.events().enqueueEvent("1", "orders");
      }
      service.outbox().store(unit, connection);
      connection.commit();
      connection.setAutoCommit(true);
    }

    PublishReport report = unit.publish();

    assertThat(report.stored()).isEqualTo(1);
    assertThat(report.allSafe()).isTrue();
    assertThat(report.allConfirmed()).isFalse();
    await().until(() -> !service.events().state().available());
    assertThat(service.events().state().lastTrouble()).contains("down");
    broker.up();
    awaitDelivered("1");
    await().until(() -> service.events().state().available());
    assertThat(service.events().state().unavailableSince()).isNull();
  }

  @Test
  void should_have_counted_the_confirms_that_it_has_waited_for() {
    Service service = service(outbox -> outbox.waitForConfirms(true));
    for (int i = 1; i <= 500; i++) {
      service.events().enqueueEvent("counted", "orders");
      assertThat(service.events().publish().confirmed()).isEqualTo(1);
      assertThat(service.events().state().confirmed()).isEqualTo(i);
    }
  }

  @Test
  void should_wait_for_the_confirms_when_told_to() throws SQLException {
    Service service = service(outbox -> outbox.waitForConfirms(true));
    service.events().enqueueEvent("1", "orders");

    PublishReport report = service.events().publishOrThrow();

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(broker.bodies()).containsExactly("1");
    awaitNoRows();
  }

  @Test
  void should_store_events_outside_of_transactions_in_one_of_its_own() throws SQLException {
    Service service = service();
    broker.down();
    service.events().enqueueEvent("1", "orders");

    assertThat(service.events().publishOrThrow().stored()).isEqualTo(1);

    assertThat(database.count("event_outbox")).isEqualTo(1);
    broker.up();
    awaitDelivered("1");
  }

  @Test
  void should_keep_the_order_of_each_thread_when_many_units_are_merged_promise_13()
      throws Exception {
    Service service = service(outbox -> outbox.publishers(3));
    CountDownLatch open = new CountDownLatch(1);
    broker.before = () -> awaitQuietly(open);
    List<Thread> threads = new java.util.ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String name = "thread-" + t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 50; i++) {
                  String body = name + ":" + i;
                  try {
                    service
                        .outbox()
                        .inTransaction(c -> service.events().enqueueEvent(body, "orders"));
                  } catch (SQLException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    open.countDown();

    await().until(() -> broker.delivered.size() == 200);
    for (int t = 0; t < 4; t++) {
      String prefix = "thread-" + t + ":";
      assertThat(broker.bodies().stream().filter(body -> body.startsWith(prefix)))
          .containsExactlyElementsOf(
              java.util.stream.IntStream.range(0, 50).mapToObj(i -> prefix + i).toList());
    }
    assertThat(broker.chunks.size()).as("units are merged").isLessThan(100);
    awaitNoRows();
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void should_keep_order_and_need_no_room_when_the_broker_is_away_for_long_promise_13()
      throws SQLException {
    Service service =
        service(
            dataSource,
            outbox -> outbox.maxEventsInMemory(5),
            events -> events.maxPendingEvents(3));
    broker.down();
    for (int i = 1; i <= 200; i++) {
      placeOrder(service, i);
    }
    assertThat(service.events().state().pendingBytes()).isZero();
    await().untilAsserted(() -> assertThat(service.outbox().state().inMemory()).isZero());
    assertThat(service.outbox().state().spilled()).isEqualTo(200);
    assertThat(service.outbox().state().trouble()).contains("NOT_SENT");

    broker.up();
    awaitDelivered(numbers(1, 200));
    placeOrder(service, 201);
    awaitDelivered(numbers(1, 201));
  }

  @Test
  void should_spill_and_keep_order_when_the_broker_is_slow_promise_13() throws SQLException {
    CountDownLatch open = new CountDownLatch(1);
    broker.before = () -> awaitQuietly(open);
    Service service = service(outbox -> outbox.maxEventsInMemory(5));
    for (int i = 1; i <= 50; i++) {
      placeOrder(service, i);
    }
    assertThat(service.outbox().state().spilled()).isGreaterThan(40);
    open.countDown();
    awaitDelivered(numbers(1, 50));
  }

  @Test
  void should_keep_order_when_a_chunk_is_confirmed_in_part_promise_13() throws SQLException {
    Service service = service();
    java.util.concurrent.atomic.AtomicBoolean once =
        new java.util.concurrent.atomic.AtomicBoolean();
    broker.answer =
        event ->
            event.bodyAsText().compareTo("5") >= 0 && !once.get()
                ? dev.eventcollector.Outcome.unknown("cut")
                : dev.eventcollector.Outcome.confirmed();
    service
        .outbox()
        .inTransaction(
            connection -> {
              for (String body : numbers(1, 9)) {
                service.events().enqueueEvent(body, "orders");
              }
            });
    await().until(() -> broker.chunks.size() > 1);
    once.set(true);
    awaitDelivered(numbers(1, 9));
  }

  @Test
  void should_spill_events_that_wait_behind_a_chunk_that_fails_promise_13() throws SQLException {
    CountDownLatch open = new CountDownLatch(1);
    broker.before = () -> awaitQuietly(open);
    AtomicBoolean failed = new AtomicBoolean();
    broker.answer = event -> failed.getAndSet(true) ? Outcome.confirmed() : Outcome.unknown("cut");
    Service service = service();
    placeOrder(service, 1);
    await().until(() -> broker.waiting.get() == 1);
    placeOrder(service, 2);
    placeOrder(service, 3);
    open.countDown();
    awaitDelivered("1", "2", "3");
  }

  @Test
  void should_publish_when_the_commit_throws_though_it_has_happened_promise_11() {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    Service service = service(unreliable.get(), outbox -> outbox, events -> events);
    broker.before = () -> unreliable.commit = UnreliableDataSource.Commit.WORKS; // for the delete
    unreliable.commit = UnreliableDataSource.Commit.FAILS_AFTERWARDS;

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> placeOrder(service, 1))
        .withMessageContaining("lost during the commit");

    awaitDelivered("1");
    assertThat(database.count("orders")).isEqualTo(1);
  }

  @Test
  void should_drop_the_events_when_the_commit_throws_and_has_not_happened_promise_12() {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    Service service = service(unreliable.get(), outbox -> outbox, events -> events);
    unreliable.commit = UnreliableDataSource.Commit.FAILS_BEFORE;

    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> placeOrder(service, 1));

    unreliable.commit = UnreliableDataSource.Commit.WORKS;
    await().untilAsserted(() -> assertThat(service.events().state().cleared()).isEqualTo(1));
    assertThat(database.count("event_outbox")).isZero();
    assertThat(broker.delivered).isEmpty();
  }

  @Test
  void should_wait_for_a_transaction_in_doubt_that_is_still_open_promise_11() throws Exception {
    Service service = service();
    UnitOfWork unit = service.events().unitsOfWork().begin();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (UnitOfWork.Binding bound = unit.bind()) {
        service.events().enqueueEvent("1", "orders");
      }
      service.outbox().store(unit, connection);
      unit.inDoubt();
      assertThat(unit.state()).isEqualTo(UnitOfWork.State.IN_DOUBT);
      assertThat(service.outbox().state().inDoubt()).isEqualTo(1);
      assertThat(broker.delivered).isEmpty();
      connection.commit();
      connection.setAutoCommit(true);
    }
    awaitDelivered("1");
    assertThat(service.outbox().state().inDoubt()).isZero();
  }

  @Test
  void should_find_out_by_itself_when_nobody_ends_a_unit_promise_11() throws SQLException {
    Service service = service(outbox -> outbox.forgottenAfter(Duration.ZERO));
    UnitOfWork unit = service.events().unitsOfWork().begin();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (UnitOfWork.Binding bound = unit.bind()) {
        service.events().enqueueEvent("1", "orders");
      }
      service.outbox().store(unit, connection);
      connection.commit();
      connection.setAutoCommit(true);
    }
    awaitDelivered("1");
    assertThat(unit.publish().stored()).as("publishing it late changes nothing").isEqualTo(1);
    awaitDelivered("1");
  }

  @Test
  void should_publish_from_memory_when_the_outbox_cannot_store_by_itself() throws SQLException {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    Service service = service(unreliable.get(), outbox -> outbox, events -> events);
    unreliable.refusing = true;
    service.events().enqueueEvent("1", "orders");

    PublishReport report = service.events().publish();

    assertThat(report.confirmed()).isEqualTo(1);
    assertThat(broker.bodies()).containsExactly("1");
    unreliable.refusing = false;
  }

  @Test
  void should_publish_from_memory_when_its_own_commit_has_not_happened() throws SQLException {
    UnreliableDataSource unreliable = new UnreliableDataSource(dataSource);
    Service service = service(unreliable.get(), outbox -> outbox, events -> events);
    unreliable.commit = UnreliableDataSource.Commit.FAILS_BEFORE;
    service.events().enqueueEvent("1", "orders");

    assertThat(service.events().publish().allSafe()).isFalse();

    awaitDelivered("1");
  }

  @Test
  void should_publish_events_stored_by_hand_after_the_unit() throws SQLException {
    Service service = service();

    AutoPublishingEventCollector.run(
        service.events(),
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            insertOrder(connection, 1);
            service.events().enqueueEvent("1", "orders");
            service.outbox().store(connection);
            assertThatIllegalStateException()
                .isThrownBy(() -> service.events().enqueueEvent("late", "orders"))
                .withMessageContaining("is stored, and its transaction is about to end");
            connection.commit();
            connection.setAutoCommit(true);
          }
        });

    awaitDelivered("1");
  }

  @Test
  void should_publish_events_stored_by_hand_and_committed_though_the_unit_fails_promise_11() {
    Service service = service();

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                AutoPublishingEventCollector.run(
                    service.events(),
                    () -> {
                      try (Connection connection = dataSource.getConnection()) {
                        connection.setAutoCommit(false);
                        service.events().enqueueEvent("1", "orders");
                        service.outbox().store(connection);
                        connection.commit();
                        connection.setAutoCommit(true);
                      }
                      throw new SQLException("after the commit");
                    }));

    awaitDelivered("1");
  }

  @Test
  void should_not_publish_events_stored_by_hand_and_rolled_back_promise_12() throws SQLException {
    Service service = service();

    AutoPublishingEventCollector.run(
        service.events(),
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            service.events().enqueueEvent("1", "orders");
            service.outbox().store(connection);
            connection.rollback(); // and nobody throws
            connection.setAutoCommit(true);
          }
        });

    await().untilAsserted(() -> assertThat(service.events().state().cleared()).isEqualTo(1));
    assertThat(broker.delivered).isEmpty();
  }

  @Test
  void should_keep_the_order_of_a_thread_that_stores_by_hand_without_a_unit_promise_13()
      throws SQLException {
    Service service = service();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      service.events().enqueueEvent("1", "orders");
      service.outbox().store(connection);
      try (Connection other = dataSource.getConnection()) {
        other.setAutoCommit(false);
        service.events().enqueueEvent("2", "orders");
        service.outbox().store(other);
        other.commit();
        other.setAutoCommit(true);
      }
      placeOrder(service, 3);
      assertThat(broker.delivered).as("behind a transaction that is open").isEmpty();
      connection.commit();
      connection.setAutoCommit(true);
    }
    awaitDelivered("1", "2", "3");
  }

  @Test
  void should_store_the_events_of_a_nested_unit_in_its_transaction() throws SQLException {
    Service service = service();
    broker.down();
    AutoPublishingEventCollector.run(
        service.events(),
        () -> {
          service.events().enqueueEvent("outer", "orders");
          AutoPublishingEventCollector.run(
              service.events(),
              () -> {
                try (Connection connection = dataSource.getConnection()) {
                  connection.setAutoCommit(false);
                  service.events().enqueueEvent("inner", "orders");
                  service.outbox().store(connection);
                  connection.commit();
                  connection.setAutoCommit(true);
                }
              });
          assertThat(database.count("event_outbox")).isEqualTo(1);
          service.events().enqueueEvent("outer again", "orders");
        });
    broker.up();
    await()
        .untilAsserted(
            () ->
                assertThat(broker.bodies())
                    .containsExactlyInAnyOrder("inner", "outer", "outer again"));
    awaitNoRows();
  }

  @Test
  void should_refuse_connections_without_a_transaction() throws SQLException {
    Service service = service();
    Connection connection = dataSource.getConnection();
    service.events().enqueueEvent("1", "orders");
    assertThatIllegalStateException()
        .isThrownBy(() -> service.outbox().store(connection))
        .withMessageContaining("autocommit");
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    if (connection.isReadOnly()) { // a hint which H2 does not take
      assertThatIllegalStateException()
          .isThrownBy(() -> service.outbox().store(connection))
          .withMessageContaining("read-only");
    }
    connection.setReadOnly(false);
    connection.setAutoCommit(true);
    connection.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> service.outbox().store(connection))
        .withMessageContaining("closed");
    assertThat(service.events().clearEventsToPublish()).isEqualTo(1);
  }

  @Test
  void should_leave_the_unit_open_when_it_cannot_be_stored() throws SQLException {
    Service service = service();
    UnitOfWork unit = service.events().unitsOfWork().begin();
    try (UnitOfWork.Binding bound = unit.bind()) {
      service.events().enqueueEvent("1", "orders");
    }
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(
            () ->
                unit.store(
                    events -> {
                      throw new SQLException("no");
                    }));
    assertThat(unit.state()).isEqualTo(UnitOfWork.State.OPEN);
    assertThat(unit.events()).hasSize(1);
    unit.publish();
    awaitDelivered("1");
  }

  @Test
  void should_bring_back_every_property_of_an_event() throws SQLException {
    Service service = service();
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("text", "h\u00e9llo \uD83D\uDE00");
    headers.put("int", 1);
    headers.put("long", 1L << 40);
    headers.put("truth", true);
    headers.put("double", 1.5);
    headers.put("date", new Date(1_000_000));
    headers.put("decimal", new java.math.BigDecimal("12.50"));
    headers.put("list", List.of("a", 2));
    headers.put("map", Map.of("k", List.of(false)));
    broker.down();
    service.events().enqueueEvent("body", "qu\u00e9ue", new EventOptions("i/d", "text/x", headers));
    service.events().publish();
    await().until(() -> service.outbox().state().spilled() == 1);
    broker.up();
    await().until(() -> broker.delivered.size() == 1);
    assertThat(broker.delivered)
        .containsExactly(new Event("i/d", "qu\u00e9ue", "body".getBytes(), "text/x", headers));
    awaitNoRows();
  }

  @Test
  void should_bring_back_exchange_and_message_properties_of_an_event() throws SQLException {
    Service service = service();
    EventOptions options =
        EventOptions.exchange("shop")
            .withMandatory(false)
            .withType("order.placed")
            .withCorrelationId("c")
            .withReplyTo("answers")
            .withPriority(5)
            .withExpiration(java.time.Duration.ofMillis(1_500))
            .withTimestamp(java.time.Instant.parse("2026-11-25T10:15:30Z"))
            .withAppId("app")
            .withContentEncoding("gzip");
    broker.down();
    service.events().enqueueEvent("body", "order.placed.eu", options);
    service.events().enqueueEvent("body", "", EventOptions.exchange("fanout"));
    service.events().publish();
    await().until(() -> service.outbox().state().spilled() == 2);
    broker.up();
    await().until(() -> broker.delivered.size() == 2);
    assertThat(broker.delivered)
        .extracting(Event::queue, Event::exchange, Event::properties)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "order.placed.eu", options.exchange(), options.properties()),
            org.assertj.core.groups.Tuple.tuple(
                "", Exchange.named("fanout"), MessageProperties.none()));
    awaitNoRows();
  }

  @Test
  void should_refuse_an_event_that_cannot_be_stored_at_the_line_that_enqueues_it() {
    Service service = service();
    for (String id : List.of("x".repeat(256), "\uD83D")) {
      assertThatExceptionOfType(InvalidEventException.class)
          .isThrownBy(() -> service.events().enqueueEvent("1", "orders", EventOptions.id(id)));
    }
    assertThatExceptionOfType(InvalidEventException.class)
        .isThrownBy(
            () ->
                service
                    .events()
                    .enqueueEvent("1", "orders", EventOptions.header("h", new Object())))
        .withMessageContaining("header h has a value of type java.lang.Object");
  }

  @Test
  void should_name_the_missing_table_and_print_the_script() throws SQLException {
    database.execute("drop table event_outbox_parked");
    try {
      assertThatExceptionOfType(EventCollectorException.class)
          .isThrownBy(() -> JdbcOutbox.builder(dataSource).build())
          .withMessageContaining("event_outbox_parked")
          .withMessageContaining("create table if not exists event_outbox_parked")
          .withMessageContaining("createTables(true)");
    } finally {
      JdbcOutbox.builder(dataSource).createTables(true).build();
    }
  }

  @Test
  void should_refuse_a_second_collector() {
    Service service = service();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                dev.eventcollector.PublishingEventCollector.builder(new Broker())
                    .outbox(service.outbox())
                    .build())
        .withMessageContaining("one collector");
  }

  @Test
  void should_store_nothing_any_more_when_it_is_closed() {
    Service service = service();
    service.events().close(Duration.ZERO);
    assertThatIllegalStateException().isThrownBy(() -> placeOrder(service, 1));
    assertThat(database.count("orders")).isZero();
  }
}
