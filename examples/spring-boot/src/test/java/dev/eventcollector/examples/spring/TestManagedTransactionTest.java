package dev.eventcollector.examples.spring;

import static dev.eventcollector.testkit.EventAssertions.*;

import dev.eventcollector.testkit.InMemoryEventCollector;
import dev.eventcollector.testkit.spring.EventCollectorTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.transaction.TestTransaction;

/** A test's own transaction is rolled back, and so are its events. */
@DataJpaTest
@Import(OrderController.class)
@EventCollectorTest
class TestManagedTransactionTest {

  @Autowired OrderController controller;

  // tag::test-managed
  @Test
  void should_publish_when_the_tests_transaction_commits(InMemoryEventCollector events) {
    controller.place(51);
    assertThat(events).publishedNothing(); // the transaction of the test is open

    TestTransaction.flagForCommit();
    TestTransaction.end();
    assertThat(events).published(event().withPayload(new OrderPlaced(51)));
  }

  // end::test-managed

  @Test
  void should_name_the_tests_transaction_when_nothing_is_published(InMemoryEventCollector events) {
    controller.place(52);

    assertThatThrownBy(() -> assertThat(events).published(event().toQueue("orders")))
        .hasMessageContaining("COLLECTED")
        .hasMessageContaining("TestTransaction.flagForCommit()");
  }
}
