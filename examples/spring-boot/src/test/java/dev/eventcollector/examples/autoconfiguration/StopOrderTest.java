package dev.eventcollector.examples.autoconfiguration;

import static dev.eventcollector.testkit.EventAssertions.*;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventPublisher;
import dev.eventcollector.Outcome;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.spring.EventWorker;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The end of a context: workers, then the collector, then the pool of connections. */
class StopOrderTest {

  private static final EmbeddedBroker EMBEDDED = EmbeddedBroker.start();

  /** The steps that have happened, in order. */
  record Log(List<String> lines) {}

  /** Notes its end. */
  private static final class Pool extends HikariDataSource {
    private final Log log;

    Pool(Log log) {
      this.log = log;
      setJdbcUrl("jdbc:h2:mem:stopping;DB_CLOSE_DELAY=-1");
    }

    @Override
    public void close() {
      log.lines().add("pool closed");
      super.close();
    }
  }

  /** Notes its end, which is the last thing that the collector does. */
  private record Noting(RabbitMqEventPublisher publisher, Log log) implements EventPublisher {
    @Override
    public List<Outcome> publish(List<Event> chunk, Duration timeout) {
      return publisher.publish(chunk, timeout);
    }

    @Override
    public void close() {
      if (!log.lines().contains("collector closed")) {
        log.lines().add("collector closed");
        publisher.close();
      }
    }
  }

  /** Is in the midst of a delivery when the context is closed. */
  static class Slow {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch closing = new CountDownLatch(1);
    private final Log log;
    private final TransactionTemplate transactions;

    Slow(Log log, PlatformTransactionManager manager) {
      this.log = log;
      this.transactions = new TransactionTemplate(manager);
    }

    @EventWorker(queue = "last")
    void handle(String payload, EventCollector events) throws InterruptedException {
      begun.countDown();
      closing.await();
      transactions.executeWithoutResult(
          status -> events.enqueueEvent(payload + " in a transaction", "lasting"));
      events.enqueueEvent(payload + " in the delivery", "lasting");
      log.lines().add("handled");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Log log() {
      return new Log(new CopyOnWriteArrayList<>());
    }

    @Bean
    EventPublisher publisher(Log log) {
      return new Noting(RabbitMqEventPublisher.builder().uri(EMBEDDED.uri()).build(), log);
    }

    @Bean
    Slow slow(Log log, PlatformTransactionManager manager) {
      return new Slow(log, manager);
    }

    @Bean
    PlatformTransactionManager manager(DataSource pool) {
      return new JdbcTransactionManager(pool);
    }

    @Bean
    DataSource pool(Log log) {
      return new Pool(log);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  @Timeout(240)
  void should_publish_events_of_a_handler_while_the_context_closes(boolean outbox, boolean lazy) {
    try (Broker broker = Broker.at(EMBEDDED.uri())) {
      broker.declareQueue("last");
      broker.declareQueue("lasting");
      new ApplicationContextRunner()
          .withConfiguration(OurAutoConfigurations.all())
          .withUserConfiguration(Application.class)
          .withInitializer(
              context -> {
                if (lazy) {
                  context.addBeanFactoryPostProcessor(
                      new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor());
                }
              })
          .withPropertyValues(
              "spring.rabbitmq.addresses=" + EMBEDDED.uri(),
              "event-collector.worker.stop-timeout=60s",
              "event-collector.outbox.enabled=" + outbox,
              "event-collector.outbox.create-tables=true")
          .run(
              context -> {
                context.getBean(EventCollector.class).enqueueEvent("order", "last");
                Log log = context.getBean(Log.class);
                closeWhileHandling(context.getSourceApplicationContext());
                assertThat(log.lines())
                    .containsExactly("handled", "collector closed", "pool closed");
              });
      assertThat(broker)
          .queue("lasting")
          .within(Duration.ofSeconds(60))
          .received(event().withPayload("order in a transaction"))
          .received(event().withPayload("order in the delivery"))
          .receivedNothingElse();
      assertThat(broker.messageCount("last")).isZero();
    }
  }

  private static void closeWhileHandling(ConfigurableApplicationContext context)
      throws InterruptedException {
    Slow slow = context.getBean(Slow.class);
    assertThat(slow.begun.await(60, TimeUnit.SECONDS)).isTrue();
    Thread closing = new Thread(context::close);
    closing.start();
    Awaitility.await() // until the worker is being stopped
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.getName().equals("event-collector-stop-last")));
    slow.closing.countDown();
    closing.join();
  }
}
