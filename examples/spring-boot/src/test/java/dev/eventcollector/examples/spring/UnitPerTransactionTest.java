package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.Event;
import dev.eventcollector.testkit.InMemoryEventCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The unit of work's API carries Spring's transactions: begin, suspend, savepoint, end. */
class UnitPerTransactionTest {

  private final InMemoryEventCollector events = InMemoryEventCollector.create();
  private final EmbeddedDatabase database =
      new EmbeddedDatabaseBuilder()
          .setType(EmbeddedDatabaseType.H2)
          .generateUniqueName(true)
          .build();
  private final JdbcTransactionManager transactions = new JdbcTransactionManager(database);
  private final List<List<Event>> stored = new ArrayList<>();
  private Consumer<List<Event>> beforeCommit = stored::add;

  @BeforeEach
  void listen() {
    transactions.setTransactionExecutionListeners(
        List.of(new UnitPerTransaction(events.unitsOfWork(), unit -> beforeCommit.accept(unit))));
  }

  @AfterEach
  void close() {
    assertThat(events).endedEveryUnitOfWork();
    events.close();
    database.shutdown();
  }

  private void inTransaction(int propagation, Runnable work) {
    TransactionTemplate template = new TransactionTemplate(transactions);
    template.setPropagationBehavior(propagation);
    template.executeWithoutResult(status -> work.run());
  }

  private void required(Runnable work) {
    inTransaction(TransactionDefinition.PROPAGATION_REQUIRED, work);
  }

  private void enqueue(String payload) {
    events.enqueueEvent(payload, "orders");
  }

  private void failing(Runnable work) {
    assertThatThrownBy(work::run).hasMessage("on purpose");
  }

  private static void fail() {
    throw new IllegalStateException("on purpose");
  }

  @Test
  void should_publish_after_the_commit_and_store_before() {
    required(
        () -> {
          enqueue("a");
          required(() -> enqueue("b")); // joins
          assertThat(events).publishedNothing();
        });

    assertThat(events.published().payloads(String.class)).containsExactly("a", "b");
    assertThat(stored).singleElement().asInstanceOf(LIST).hasSize(2);
  }

  @Test
  void should_drop_the_events_when_the_transaction_is_rolled_back() {
    failing(
        () ->
            required(
                () -> {
                  enqueue("a");
                  fail();
                }));

    assertThat(events).publishedNothing().cleared(exactly(1), event());
  }

  @Test
  void should_publish_nothing_when_the_store_fails_before_the_commit() {
    beforeCommit = unit -> fail();

    failing(() -> required(() -> enqueue("a")));

    assertThat(events).publishedNothing().cleared(exactly(1), event());
  }

  @Test
  void should_keep_them_apart_when_a_transaction_is_suspended_for_a_new_one() {
    failing(
        () ->
            required(
                () -> {
                  enqueue("outer 1");
                  inTransaction(
                      TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> enqueue("inner"));
                  assertThat(events.published().payloads(String.class)).containsExactly("inner");
                  enqueue("outer 2");
                  fail();
                }));

    assertThat(events).published(exactly(1), event()).cleared(exactly(2), event());
  }

  @Test
  void should_collect_outside_when_a_transaction_is_suspended_for_none() {
    required(
        () -> {
          inTransaction(
              TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
              () -> assertThat(events.unitsOfWork().current()).isEmpty());
          assertThat(events.unitsOfWork().current()).isPresent();
        });
  }

  @Test
  void should_drop_only_what_is_inside_when_it_is_rolled_back_to_a_savepoint() {
    required(
        () -> {
          enqueue("a");
          inTransaction(TransactionDefinition.PROPAGATION_NESTED, () -> enqueue("kept"));
          failing(
              () ->
                  inTransaction(
                      TransactionDefinition.PROPAGATION_NESTED,
                      () -> {
                        enqueue("dropped");
                        fail();
                      }));
          enqueue("b");
        });

    assertThat(events.published().payloads(String.class)).containsExactly("a", "kept", "b");
    assertThat(events).cleared(exactly(1), event().withPayload("dropped"));
  }
}
