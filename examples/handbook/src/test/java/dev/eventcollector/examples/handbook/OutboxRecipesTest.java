package dev.eventcollector.examples.handbook;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.AutoPublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.testkit.InMemoryEventCollector;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcConnectionPool;
import org.hibernate.SessionFactory;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outbox by hand, with libraries that have transactions of their own. */
class OutboxRecipesTest {

  private JdbcConnectionPool database;
  private JdbcOutbox outbox;
  private InMemoryEventCollector events;

  @BeforeEach
  void start() throws SQLException {
    database = JdbcConnectionPool.create("jdbc:h2:mem:recipes", "sa", "");
    try (Connection connection = database.getConnection()) {
      connection.createStatement().execute("create table orders (id int primary key)");
    }
    outbox = JdbcOutbox.builder(database).createTables(true).waitForConfirms(true).build();
    events = InMemoryEventCollector.builder().settings(s -> s.outbox(outbox)).build();
  }

  @AfterEach
  void stop() {
    events.close();
    database.dispose();
  }

  /** A row of the user's table. */
  @Entity(name = "orders")
  static class PlacedOrder {

    @Id int id;

    protected PlacedOrder() {}

    PlacedOrder(int id) {
      this.id = id;
    }
  }

  private SessionFactory sessions() {
    return new HibernatePersistenceConfiguration("shop")
        .managedClass(PlacedOrder.class)
        .property("jakarta.persistence.nonJtaDataSource", database)
        .createEntityManagerFactory();
  }

  private void placeByHibernate(SessionFactory sessions, int id) {
    // tag::hibernate
    AutoPublishingEventCollector.run(
        events,
        () ->
            sessions.inTransaction(
                session -> {
                  session.persist(new PlacedOrder(id));
                  events.enqueueEvent(new OrderPlaced(id), "orders");
                  session.flush(); // entity listeners may enqueue events, too
                  session.doWork(outbox::store); // as the last thing before the commit
                }));
    // end::hibernate
  }

  private void placeByJpa(EntityManagerFactory factory, int id) {
    // tag::jpa
    AutoPublishingEventCollector.run(
        events,
        () ->
            factory.runInTransaction(
                entities -> {
                  entities.persist(new PlacedOrder(id));
                  events.enqueueEvent(new OrderPlaced(id), "orders");
                  entities.flush();
                  entities.<Connection>runWithConnection(outbox::store);
                }));
    // end::jpa
  }

  private void placeByJooq(DSLContext jooq, int id) {
    // tag::jooq
    AutoPublishingEventCollector.run(
        events,
        () ->
            jooq.transaction(
                configuration -> {
                  DSLContext transaction = configuration.dsl();
                  transaction.execute("insert into orders values (?)", id);
                  events.enqueueEvent(new OrderPlaced(id), "orders");
                  transaction.connection(outbox::store); // as the last thing before the commit
                }));
    // end::jooq
  }

  @Test
  void should_publish_committed_events_with_hibernate() throws SQLException {
    try (SessionFactory sessions = sessions()) {
      placeByHibernate(sessions, 42);

      assertPlacedOnceOnly(42, () -> placeByHibernate(sessions, 42));
      assertNothingPlaced(
          () ->
              sessions.inTransaction(
                  session -> {
                    session.persist(new PlacedOrder(43));
                    events.enqueueEvent(new OrderPlaced(43), "orders");
                    session.flush();
                    session.doWork(outbox::store);
                    throw new IllegalStateException("no stock");
                  }));
    }
  }

  @Test
  void should_publish_committed_events_with_jpa() throws SQLException {
    try (EntityManagerFactory factory = sessions()) {
      placeByJpa(factory, 42);

      assertPlacedOnceOnly(42, () -> placeByJpa(factory, 42));
    }
  }

  @Test
  void should_publish_committed_events_with_jooq() throws SQLException {
    DSLContext jooq = DSL.using(database, SQLDialect.H2);
    placeByJooq(jooq, 42);

    assertPlacedOnceOnly(42, () -> placeByJooq(jooq, 42));
    assertNothingPlaced(
        () ->
            jooq.transaction(
                configuration -> {
                  configuration.dsl().execute("insert into orders values (?)", 43);
                  events.enqueueEvent(new OrderPlaced(43), "orders");
                  configuration.dsl().connection(outbox::store);
                  throw new IllegalStateException("no stock");
                }));
  }

  private void assertPlacedOnceOnly(int id, ThrowingCallable again) throws SQLException {
    assertThatThrownBy(again).isInstanceOf(RuntimeException.class);
    assertThat(orders()).isEqualTo(1);
    assertThat(events)
        .published(exactly(1), event().withPayload(new OrderPlaced(id)))
        .publishedNothingElse();
  }

  /** Rolled back after the events were stored. */
  private void assertNothingPlaced(Runnable work) throws SQLException {
    assertThatThrownBy(() -> AutoPublishingEventCollector.run(events, work::run))
        .isInstanceOf(IllegalStateException.class);
    AutoPublishingEventCollector.run(events, () -> events.enqueueEvent("later", "orders"));

    assertThat(orders()).isEqualTo(1);
    assertThat(events)
        .published(event().withPayload("later"))
        .notPublished(event().withPayload(new OrderPlaced(43)));
  }

  private int orders() throws SQLException {
    try (Connection connection = database.getConnection();
        ResultSet row = connection.createStatement().executeQuery("select count(*) from orders")) {
      row.next();
      return row.getInt(1);
    }
  }
}
