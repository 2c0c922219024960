package dev.eventcollector.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventcollector.PublishingEventCollector;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The inbox: the work of a delivery is committed once, on every database. */
abstract class InboxContract extends OutboxFixture {

  InboxContract(TestDatabase database) {
    super(database);
  }

  /** Handles a delivery that may come twice. */
  private boolean handle(Service service, String queue, String id, int order) throws SQLException {
    return service
        .outbox()
        .inTransactionOnce(
            queue,
            id,
            connection -> {
              insertOrder(connection, order);
              service.events().enqueueEvent(Integer.toString(order), "invoices");
            });
  }

  @Test
  void should_do_the_work_once_when_a_delivery_comes_again_promise_15() throws SQLException {
    Service service = service();

    assertThat(handle(service, "orders", "id", 1)).isTrue();
    assertThat(handle(service, "orders", "id", 2)).isFalse();

    awaitDelivered("1");
    assertThat(database.count("orders")).isEqualTo(1);
    assertThat(database.count("event_inbox")).isEqualTo(1);
  }

  @Test
  void should_do_the_work_again_when_it_has_failed_promise_15() throws SQLException {
    Service service = service();
    handle(service, "orders", "first", 1);

    assertThatThrownBy(() -> handle(service, "orders", "id", 1)).isInstanceOf(SQLException.class);
    assertThat(handle(service, "orders", "id", 2)).isTrue();

    awaitDelivered("1", "2");
  }

  @Test
  void should_wait_for_a_transaction_that_has_the_same_delivery_promise_15() throws Exception {
    Service service = service();
    CountDownLatch recorded = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Boolean> first =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return service
                    .outbox()
                    .inTransactionOnce(
                        "orders",
                        "id",
                        connection -> {
                          insertOrder(connection, 1);
                          recorded.countDown();
                          await().until(() -> goOn.getCount() == 0);
                        });
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            });
    assertThat(recorded.await(60, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Boolean> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return handle(service, "orders", "id", 2);
              } catch (SQLException e) {
                return false; // H2 does not wait for as long as it takes: the delivery comes again
              }
            });
    goOn.countDown();

    assertThat(first.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.get(60, TimeUnit.SECONDS)).isFalse();
    assertThat(database.count("orders")).isEqualTo(1);
  }

  @Test
  void should_tell_deliveries_apart_by_queue_and_by_every_byte_of_the_id() throws SQLException {
    Service service = service();
    String[] ids = {"id", "ID", "id ", "\u00e9", "e\u0301", "a\0", "a", "\ud83d\ude00"};
    for (int i = 0; i < ids.length; i++) {
      assertThat(handle(service, "orders", ids[i], i)).as(ids[i]).isTrue();
      assertThat(handle(service, "orders", ids[i], i)).as(ids[i]).isFalse();
    }
    assertThat(handle(service, "Orders", "id", 100)).isTrue();
  }

  @Test
  void should_forget_deliveries_when_their_retention_is_over() throws SQLException {
    Service service = service(outbox -> outbox.inboxRetention(Duration.ofMillis(1)));
    for (int i = 0; i < 3; i++) {
      handle(service, "orders", "id" + i, i);
    }
    await().untilAsserted(() -> assertThat(database.count("event_inbox")).isZero());
  }

  @Test
  void should_remember_deliveries_when_the_process_is_another() throws SQLException {
    Service first = service();
    handle(first, "orders", "id", 1);
    first.events().close(Duration.ofSeconds(5));

    assertThat(handle(service(), "orders", "id", 2)).isFalse();
  }

  @Test
  void should_record_in_the_transaction_of_the_user() throws SQLException {
    JdbcOutbox outbox = service().outbox();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(outbox.recordDelivery(connection, "orders", "id")).isTrue();
      connection.rollback();
      assertThat(outbox.recordDelivery(connection, "orders", "id")).isTrue();
      assertThat(outbox.recordDelivery(connection, "orders", "id")).isFalse();
      insertOrder(connection, 1); // the transaction has survived the duplicate
      connection.commit();

      connection.setAutoCommit(true);
      assertThatIllegalStateException()
          .isThrownBy(() -> outbox.recordDelivery(connection, "orders", "other"))
          .withMessageContaining("autocommit");
    }
    assertThat(database.count("orders")).isEqualTo(1);
  }

  @Test
  void should_refuse_an_event_for_another_collector_within_the_work_promise_15()
      throws SQLException {
    Service service = service();
    try (PublishingEventCollector inMemory = PublishingEventCollector.builder(broker).build()) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  service
                      .outbox()
                      .inTransactionOnce(
                          "orders",
                          "id",
                          connection -> {
                            insertOrder(connection, 1);
                            inMemory.enqueueEvent("1", "invoices");
                          }))
          .withMessageContaining("a collector without this outbox")
          .withMessageContaining("queue invoices");
      assertThat(database.count("orders")).isZero();

      inMemory.enqueueEvent("after the work", "invoices");
      assertThat(inMemory.clearEventsToPublish()).isEqualTo(1);
    }
    assertThat(handle(service, "orders", "id", 1)).as("the work is done again").isTrue();
    awaitDelivered("1");
  }

  @Test
  void should_refuse_a_delivery_that_cannot_be_recognised() {
    Service service = service();
    assertThatExceptionOfType(UnidentifiedDeliveryException.class)
        .isThrownBy(() -> service.outbox().inTransactionOnce("orders", null, connection -> {}))
        .withMessageContaining("without a message id")
        .withMessageContaining("let its sender set the message id");
    assertThatExceptionOfType(UnidentifiedDeliveryException.class)
        .isThrownBy(() -> handle(service, "orders", "x".repeat(256), 1))
        .withMessageContaining("has 256");
    assertThat(database.count("orders")).isZero();
  }
}
