package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventOptions;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.PayloadEncoder;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.outbox.ParkedEvent;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.RabbitMqWorkerBuilder;
import dev.eventcollector.testkit.Answer;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.WithBroker;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import tools.jackson.databind.ObjectMapper;

/** Events that are stored in the transaction of the work. */
@TestInstance(Lifecycle.PER_CLASS)
class OutboxTest {

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60)); // on a machine that has much else to do
  }

  private EmbeddedPostgres postgres;
  private DataSource dataSource;

  @BeforeAll
  void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(60)).start();
    dataSource = postgres.getPostgresDatabase();
  }

  @AfterAll
  void stopPostgres() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void makeTables() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(JdbcOutbox.script(connection));
      statement.execute(
          "truncate event_outbox, event_outbox_owner, event_outbox_parked, event_inbox");
      statement.execute("drop table if exists orders");
      statement.execute("create table orders (id int unique)");
    }
  }

  // tag::in-transaction
  void placeOrder(JdbcOutbox outbox, EventCollector events, int id) throws SQLException {
    outbox.inTransaction(
        connection -> {
          insert(connection, id);
          events.enqueueEvent(new OrderPlaced(id), "orders");
        }); // stored with the order, committed, and published soon
  }

  // end::in-transaction

  private static void insert(Connection connection, int id) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("insert into orders values (?)")) {
      insert.setInt(1, id);
      insert.executeUpdate();
    }
  }

  // tag::testkit
  /** The outbox on a database for tests, with the testkit's publisher behind it. */
  InMemoryEventCollector inMemory(JdbcOutbox outbox) {
    return InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build();
  }

  // end::testkit

  @Test
  void should_start_with_a_publisher_and_a_data_source() throws Exception {
    try (InMemoryEventCollector other = InMemoryEventCollector.builder().build()) {
      EventPublisher publisher = other.publisher();
      ObjectMapper mapper = new ObjectMapper();
      // tag::setup
      JdbcOutbox outbox = JdbcOutbox.builder(dataSource).build(); // your transactions need it, too
      PublishingEventCollector events =
          PublishingEventCollector.builder(publisher)
              .outbox(outbox)
              .encoder(PayloadEncoder.json(mapper::writeValueAsBytes))
              .build();
      // end::setup
      placeOrder(outbox, events, 41);
      events.enqueueEvent(new OrderPlaced(7), "orders");
      assertThat(events.publishOrThrow().allSafe()).isTrue();
      events.close();
    }
  }

  @Test
  void should_publish_committed_events_and_nothing_else() throws SQLException {
    JdbcOutbox outbox = JdbcOutbox.builder(dataSource).waitForConfirms(true).build();
    try (InMemoryEventCollector events = inMemory(outbox)) {
      placeOrder(outbox, events, 42);
      assertThatThrownBy(() -> placeOrder(outbox, events, 42)).isInstanceOf(SQLException.class);

      assertThat(events)
          .published(exactly(1), event().withPayload(new OrderPlaced(42)))
          .publishedNothingElse();
    }
  }

  @Test
  void should_publish_events_stored_by_hand_with_jdbi() throws SQLException {
    Jdbi jdbi = Jdbi.create(dataSource);
    JdbcOutbox outbox = JdbcOutbox.builder(dataSource).waitForConfirms(true).build();
    try (InMemoryEventCollector events = inMemory(outbox)) {
      // tag::jdbi
      AutoPublishingEventCollector.run(
          events,
          () ->
              jdbi.useTransaction(
                  handle -> {
                    handle.execute("insert into orders values (?)", 42);
                    events.enqueueEvent(new OrderPlaced(42), "orders");
                    outbox.store(handle.getConnection()); // as the last thing before the commit
                  }));
      // end::jdbi
      assertThat(events).published(exactly(1), event().withPayload(new OrderPlaced(42)));
    }
  }

  @Test
  @WithBroker
  void should_do_the_work_of_a_delivery_once(Broker broker) throws Exception {
    broker.declareQueue("payments");
    broker.declareQueue("orders");
    broker.deleteAtEnd("payments.retry.1s", "payments.retry.5s", "payments.retry.30s");
    broker.deleteAtEnd("payments.retry.2m", "payments.retry.10m", "payments.dead");
    RabbitMqEventPublisher publisher = RabbitMqEventPublisher.builder().uri(broker.uri()).build();
    JdbcOutbox outbox = JdbcOutbox.builder(dataSource).waitForConfirms(true).build();
    try (PublishingEventCollector collector =
        PublishingEventCollector.builder(publisher)
            .outbox(outbox)
            .publishTimeout(Duration.ofSeconds(60))
            .build()) {
      // tag::inbox
      RabbitMqWorkerBuilder worker =
          RabbitMqWorker.builder()
              .uri(broker.uri())
              .queue("payments")
              .collector(collector)
              .handler(
                  (delivery, events) ->
                      outbox.inTransactionOnce(
                          delivery.queue(),
                          delivery.messageId(),
                          connection -> {
                            insert(connection, Integer.parseInt(delivery.bodyAsText()));
                            events.enqueueEvent("paid " + delivery.bodyAsText(), "orders");
                          }));
      // end::inbox
      try (RabbitMqWorker started = worker.start()) {
        EventOptions id = EventOptions.id("payment-1");
        for (String order : List.of("42", "43")) { // a duplicate has the same id
          AutoPublishingEventCollector.run(
              collector, () -> collector.enqueueEvent(order, "payments", id));
        }
        AutoPublishingEventCollector.run(
            collector,
            () -> collector.enqueueEvent("44", "payments", EventOptions.id("payment-2")));

        assertThat(broker)
            .queue("orders")
            .within(Duration.ofSeconds(60))
            .received(exactly(1), event().withPayload("paid 42"))
            .received(exactly(1), event().withPayload("paid 44"))
            .receivedNothingElse();
      }
    }
  }

  @Test
  void should_publish_after_a_crash_between_commit_and_publish() throws SQLException {
    // tag::crash
    JdbcOutbox outbox = JdbcOutbox.builder(dataSource).build();
    InMemoryEventCollector events = inMemory(outbox);
    events.publisher().otherwise(Answer.notSent("no broker"));
    placeOrder(outbox, events, 42);
    events.close(); // does not drain: the row stays, as after a crash

    InMemoryEventCollector next = inMemory(JdbcOutbox.builder(dataSource).build());
    Awaitility.await().until(() -> next.publisher().delivered().size() == 1);
    // end::crash
    next.close();
  }

  @Test
  void should_list_and_requeue_refused_events() throws Exception {
    JdbcOutbox outbox = JdbcOutbox.builder(dataSource).build();
    try (InMemoryEventCollector events =
        InMemoryEventCollector.builder()
            .settings(settings -> settings.outbox(outbox).maxAttempts(1))
            .build()) {
      events.publisher().otherwise(Answer.returned("no such queue"));
      placeOrder(outbox, events, 42);
      Awaitility.await().until(() -> outbox.countParked() == 1);
      events.publisher().otherwise(Answer.confirmed());
      // tag::parked
      for (ParkedEvent parked : outbox.parked(100)) {
        System.out.println(parked.event() + " " + parked.reason() + " " + parked.attempts());
      }
      outbox.requeue(outbox.parked(100)); // or discard
      // end::parked
      Awaitility.await().until(() -> events.publisher().delivered().size() == 1);
    }
  }
}
