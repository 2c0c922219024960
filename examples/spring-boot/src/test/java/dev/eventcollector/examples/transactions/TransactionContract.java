package dev.eventcollector.examples.transactions;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.EventCollector;
import dev.eventcollector.UnitOfWork;
import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Each propagation and each rule for rollbacks: the rows that are committed are the events that are
 * published, whatever becomes of the work around the transaction.
 */
@SpringBootTest(
    classes = TransactionContract.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = {
      "spring.datasource.generate-unique-name=true",
      "spring.datasource.hikari.maximum-pool-size=5",
      "event-collector.outside-of-unit=fail",
      "event-collector.outbox.create-tables=true"
    })
@EventCollectorTest
abstract class TransactionContract {

  @EnableAutoConfiguration
  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Steps steps() {
      return new Steps();
    }

    @Bean
    Phases phases(EventCollector events) {
      return new Phases(events);
    }
  }

  /** Spring's own event, within the process. */
  record Noticed(int id) {}

  /** Enqueues in each phase of a transaction's end. */
  record Phases(EventCollector events) {
    @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
    public void beforeCommit(Noticed noticed) {
      events.enqueueEvent("before commit " + noticed.id(), "phases");
    }

    @TransactionalEventListener
    public void afterCommit(Noticed noticed) {
      events.enqueueEvent("after commit " + noticed.id(), "phases");
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
    public void afterRollback(Noticed noticed) {
      events.enqueueEvent("after rollback " + noticed.id(), "phases");
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
    public void afterCompletion(Noticed noticed) {
      events.enqueueEvent("after completion " + noticed.id(), "phases");
    }
  }

  @Autowired Steps steps;
  @Autowired InMemoryEventCollector events;
  @Autowired JdbcClient database;
  @Autowired PlatformTransactionManager manager;
  @Autowired ApplicationEventPublisher application;

  @BeforeEach
  void createTable() {
    database.sql("create table if not exists things (id int primary key)").update();
    database.sql("delete from things").update();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(events).endedEveryUnitOfWork();
    assertThat(events.unitsOfWork().current()).isEmpty();
  }

  void place(int id) {
    database.sql("insert into things values (?)").param(id).update();
    events.enqueueEvent(id, "things");
  }

  static void fail() {
    throw new IllegalStateException("on purpose");
  }

  static Runnable thenFail(Runnable work) {
    return () -> {
      work.run();
      fail();
    };
  }

  void failing(Runnable work) {
    assertThatThrownBy(work::run).hasMessage("on purpose");
  }

  /** The rows, and the events, are these and no others. */
  void committed(Integer... ids) {
    List<Integer> rows = database.sql("select id from things").query(Integer.class).list();
    assertThat(rows).as("rows").containsExactlyInAnyOrder(ids);
    assertThat(events.published().toQueue("things").payloads(Integer.class))
        .as("events")
        .containsExactlyInAnyOrder(ids);
  }

  @Test
  void should_publish_when_it_commits() {
    steps.required(
        () -> {
          place(1);
          assertThat(events).publishedNothing();
          steps.required(() -> place(2)); // joins
          steps.supports(() -> place(3)); // joins
          steps.mandatory(() -> place(4)); // joins
        });
    committed(1, 2, 3, 4);
  }

  @Test
  void should_publish_nothing_when_it_rolls_back() {
    failing(() -> steps.required(thenFail(() -> place(1))));
    committed();
    assertThat(events).cleared(exactly(1), event());
  }

  @Test
  void should_publish_nothing_when_a_joined_method_fails_and_the_outer_one_goes_on() {
    assertThatThrownBy(
            () ->
                steps.required(
                    () -> {
                      place(1);
                      failing(() -> steps.required(thenFail(() -> place(2))));
                    }))
        .isInstanceOf(UnexpectedRollbackException.class);
    committed();
  }

  @Test
  void should_publish_nothing_of_a_failed_transaction_when_the_request_around_it_succeeds() {
    events
        .unitsOfWork()
        .run(
            () -> {
              events.enqueueEvent("the request's", "requests");
              failing(() -> steps.required(thenFail(() -> place(1))));
            });
    committed();
    assertThat(events).published(event().toQueue("requests"));
  }

  @Test
  void should_publish_when_it_commits_although_the_request_around_it_fails() {
    failing(
        () ->
            events
                .unitsOfWork()
                .run(
                    () -> {
                      events.enqueueEvent("the request's", "requests");
                      steps.required(() -> place(1));
                      assertThat(events.published().toQueue("things")).hasSize(1);
                      fail();
                    }));
    committed(1);
    assertThat(events).notPublished(event().toQueue("requests"));
  }

  @Test
  void should_keep_a_new_transaction_apart_when_the_outer_one_fails() {
    failing(
        () ->
            steps.required(
                thenFail(
                    () -> {
                      place(1);
                      steps.requiresNew(() -> place(2));
                      assertThat(events.published().toQueue("things")).hasSize(1);
                      place(3);
                    })));
    committed(2);
  }

  @Test
  void should_go_on_in_a_block_when_a_new_transaction_within_it_has_ended() {
    steps.required(
        () -> {
          events
              .unitsOfWork()
              .run(
                  () -> {
                    place(1);
                    steps.requiresNew(() -> place(2));
                    place(3);
                  });
          place(4);
        });
    committed(1, 2, 3, 4);
  }

  @Test
  void should_keep_the_outer_transaction_when_a_new_one_fails() {
    steps.required(
        () -> {
          place(1);
          failing(() -> steps.requiresNew(thenFail(() -> place(2))));
          place(3);
        });
    committed(1, 3);
  }

  @Test
  void should_collect_outside_when_the_transaction_is_suspended() {
    steps.required(
        () -> {
          place(1);
          steps.notSupported(
              () -> {
                assertThat(events.unitsOfWork().current()).isEmpty();
                assertThatThrownBy(() -> events.enqueueEvent("lost", "outside"))
                    .hasMessageContaining("event-collector.outside-of-unit=fail");
              });
          place(2);
        });
    committed(1, 2);
  }

  @Test
  void should_collect_into_the_request_when_the_transaction_is_suspended() {
    events
        .unitsOfWork()
        .run(
            () ->
                failing(
                    () ->
                        steps.required(
                            thenFail(
                                () -> {
                                  place(1);
                                  steps.notSupported(
                                      () -> events.enqueueEvent("the request's", "requests"));
                                }))));
    committed();
    assertThat(events).published(event().toQueue("requests"));
  }

  @Test
  void should_refuse_as_spring_does() {
    assertThatThrownBy(() -> steps.mandatory(() -> place(1)))
        .isInstanceOf(IllegalTransactionStateException.class);
    steps.required(
        () ->
            assertThatThrownBy(() -> steps.never(() -> place(2)))
                .isInstanceOf(IllegalTransactionStateException.class));
    committed();
  }

  @Test
  void should_publish_when_an_exception_does_not_roll_back() {
    failing(() -> steps.lenient(thenFail(() -> place(1))));
    assertThatThrownBy(() -> steps.checked(throwing(2))).isInstanceOf(IOException.class);
    committed(1, 2);
  }

  @Test
  void should_publish_nothing_when_a_checked_exception_rolls_back() {
    assertThatThrownBy(() -> steps.strict(throwing(1))).isInstanceOf(IOException.class);
    committed();
  }

  private Callable<?> throwing(int id) {
    return () -> {
      place(id);
      throw new IOException("on purpose");
    };
  }

  @Test
  void should_publish_nothing_when_it_takes_too_long() {
    assertThatThrownBy(
            () ->
                steps.limited(
                    () -> {
                      place(1);
                      long end = System.nanoTime() + 1_100_000_000L;
                      while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                      }
                      place(2);
                    }))
        .isInstanceOf(TransactionTimedOutException.class);
    committed();
  }

  @Test
  void should_follow_a_template() {
    TransactionTemplate template = new TransactionTemplate(manager);
    template.executeWithoutResult(status -> place(1));
    template.executeWithoutResult(
        status -> {
          place(2);
          status.setRollbackOnly();
        });
    failing(() -> template.executeWithoutResult(status -> thenFail(() -> place(3)).run()));
    committed(1);
  }

  @Test
  void should_enqueue_nothing_by_reading() {
    steps.readOnly(() -> database.sql("select count(*) from things").query().singleValue());
    committed();
  }

  @Test
  void should_refuse_to_publish_within_a_transaction() {
    steps.required(
        () -> {
          place(1);
          assertThatThrownBy(events::publish)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("within a transaction");
          assertThatThrownBy(() -> events.unitsOfWork().current().orElseThrow().publish())
              .isInstanceOf(IllegalStateException.class);
        });
    committed(1);
  }

  @Test
  void should_let_blocks_within_a_transaction_follow_it() {
    failing(() -> steps.required(thenFail(() -> events.unitsOfWork().run(() -> place(1)))));
    steps.required(() -> events.unitsOfWork().run(() -> place(2)));
    committed(2);
  }

  @Test
  void should_publish_nothing_when_a_synchronization_fails_before_the_commit() {
    failing(
        () ->
            steps.required(
                () -> {
                  place(1);
                  TransactionSynchronizationManager.registerSynchronization(
                      new TransactionSynchronization() {
                        @Override
                        public void beforeCommit(boolean readOnly) {
                          fail();
                        }
                      });
                }));
    committed();
  }

  @Test
  void should_publish_events_of_listeners_in_each_phase() {
    steps.required(
        () -> {
          place(1);
          application.publishEvent(new Noticed(1));
        });
    failing(
        () ->
            steps.required(
                thenFail(
                    () -> {
                      place(2);
                      application.publishEvent(new Noticed(2));
                    })));
    committed(1);
    assertThat(events.published().toQueue("phases").payloads(String.class))
        .containsExactlyInAnyOrder(
            "before commit 1",
            "after commit 1",
            "after completion 1",
            "after rollback 2",
            "after completion 2");
  }

  @Test
  void should_still_publish_when_a_listener_fails_after_the_commit() {
    failing(
        () ->
            steps.required(
                () -> {
                  place(1);
                  TransactionSynchronizationManager.registerSynchronization(
                      new TransactionSynchronization() {
                        @Override
                        public void afterCommit() {
                          fail();
                        }
                      });
                }));
    committed(1);
  }

  @Test
  void should_drop_events_since_a_savepoint_when_it_is_rolled_back_to() {
    TransactionTemplate template = new TransactionTemplate(manager);
    if (!supportsSavepoints()) {
      return;
    }
    template.executeWithoutResult(
        status -> {
          place(1);
          Object savepoint = status.createSavepoint();
          place(2);
          rollBack(status, savepoint);
          place(3);
          rollBack(status, savepoint); // it is still there
          place(4);
        });
    committed(1, 4);
  }

  private static void rollBack(TransactionStatus status, Object savepoint) {
    status.rollbackToSavepoint(savepoint);
  }

  boolean supportsSavepoints() {
    return true;
  }

  @Test
  void should_follow_nested_transactions() {
    if (!supportsSavepoints()) {
      return;
    }
    steps.required(
        () -> {
          place(1);
          steps.nested(() -> place(2));
          failing(
              () ->
                  steps.nested(
                      thenFail(
                          () -> {
                            place(3);
                            steps.nested(() -> place(4));
                            steps.requiresNew(() -> place(5));
                          })));
          steps.nested(
              () -> {
                place(6);
                failing(() -> steps.nested(thenFail(() -> place(7))));
                place(8);
              });
          assertThat(events.published().payloads(Integer.class)).containsExactly(5);
        });
    committed(1, 2, 5, 6, 8);
  }

  @Test
  void should_roll_back_nested_transactions_with_the_outer_one() {
    if (!supportsSavepoints()) {
      return;
    }
    failing(
        () ->
            steps.required(
                thenFail(
                    () -> {
                      place(1);
                      steps.nested(() -> place(2));
                    })));
    committed();
  }

  @Test
  void should_keep_the_transactions_of_many_threads_apart() throws Exception {
    SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
    executor.setVirtualThreads(Runtime.version().feature() >= 21);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int id = i;
      Runnable work = () -> place(id);
      all.add(executor.submit(() -> steps.required(id % 2 == 0 ? work : thenFail(work))));
    }
    for (int i = 0; i < all.size(); i++) {
      Future<?> one = all.get(i);
      if (i % 2 == 0) {
        one.get(60, TimeUnit.SECONDS);
      } else {
        assertThatThrownBy(() -> one.get(60, TimeUnit.SECONDS)).hasMessageContaining("on purpose");
      }
    }
    committed(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
  }

  @Test
  void should_follow_transactions_that_begin_after_the_commit_of_another() {
    steps.required(
        () -> {
          place(1);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                  steps.requiresNew(() -> place(2));
                  failing(() -> steps.requiresNew(thenFail(() -> place(3))));
                }
              });
        });
    committed(1, 2);
  }

  @Test
  void should_not_take_the_unit_of_callbacks_to_other_threads() {
    List<ContextSnapshot> taken = new ArrayList<>();
    steps.required(
        () -> {
          place(1);
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                  taken.add(ContextSnapshotFactory.builder().build().captureAll());
                  steps.requiresNew(
                      () -> taken.add(ContextSnapshotFactory.builder().build().captureAll()));
                }
              });
        });
    assertThat(taken).hasSize(2);
    Runnable nothingIsBound = () -> assertThat(events.unitsOfWork().current()).isEmpty();
    taken.forEach(snapshot -> snapshot.wrap(nothingIsBound).run());
    committed(1);
  }

  @Test
  void should_not_take_the_transaction_to_other_threads() throws Exception {
    List<UnitOfWork> carried = new java.util.concurrent.CopyOnWriteArrayList<>();
    steps.required(
        () -> {
          place(1);
          Thread other = new Thread(() -> events.unitsOfWork().current().ifPresent(carried::add));
          other.start();
          try {
            other.join();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(carried).isEmpty();
    committed(1);
  }
}
