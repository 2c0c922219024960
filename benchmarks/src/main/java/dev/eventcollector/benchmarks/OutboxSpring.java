package dev.eventcollector.benchmarks;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** An application of Spring Boot with the peer in it, and a handler that publishes. */
abstract class OutboxSpring implements OutboxContestant {

  /** The one that runs, for the beans of its application. */
  private static volatile @Nullable OutboxSpring running;

  private final HandWritten publisher;
  private final ConfirmingSessions sessions;
  private final AtomicLong confirmed = new AtomicLong();
  private final AtomicLong orders = new AtomicLong();
  private final ConfigurableApplicationContext application;
  private final TransactionTemplate transactions;
  private final JdbcTemplate jdbc;

  OutboxSpring(OutboxPlace place, Class<?> type, Map<String, Object> settings) throws Exception {
    publisher = new HandWritten(place.broker());
    sessions = new ConfirmingSessions(publisher);
    running = this;
    int connections = place.threads() + OutboxPlace.WORKERS + 4;
    Map<String, Object> all = new HashMap<>(settings);
    all.put("spring.main.banner-mode", "off");
    all.put("spring.main.web-application-type", "none");
    all.put("logging.level.root", "WARN");
    all.put("spring.datasource.url", place.database().url());
    all.put("spring.datasource.username", OutboxDatabase.USER);
    all.put("spring.datasource.hikari.maximum-pool-size", connections);
    all.put("spring.datasource.hikari.minimum-idle", connections);
    SpringApplication builder = new SpringApplication(type);
    builder.setDefaultProperties(all);
    application = builder.run();
    transactions = application.getBean(TransactionTemplate.class);
    jdbc = application.getBean(JdbcTemplate.class);
  }

  /** Called by a handler, on its thread. */
  static void publish(String body) {
    OutboxSpring peer = Objects.requireNonNull(running);
    peer.sessions.publish(body.getBytes(StandardCharsets.ISO_8859_1), 1);
    peer.confirmed.incrementAndGet();
  }

  ConfigurableApplicationContext application() {
    return application;
  }

  /** Within the transaction. */
  abstract void store(String body, String order);

  @Override
  public void placeOrder(int events) {
    String order = "order-" + orders.incrementAndGet();
    transactions.executeWithoutResult(
        status -> {
          jdbc.update(
              "insert into orders (customer, total) values (?, ?)",
              "customer 4711",
              BigDecimal.valueOf(4200, 2));
          for (int i = 0; i < events; i++) {
            store(OutboxPlace.BODY, order);
          }
        });
  }

  @Override
  public long confirmed() {
    return confirmed.get();
  }

  @Override
  public void close() throws Exception {
    application.close();
    publisher.close();
  }
}
