package dev.eventcollector.rabbitmq.outbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.Event;
import dev.eventcollector.EventCollector;
import dev.eventcollector.EventCollectorListener;
import dev.eventcollector.Outcome;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A business process: threads that place orders in bursts, every fifth of which is rolled back,
 * until it is killed or its standard input has a byte. It writes what the verdict has to know to
 * standard output.
 */
final class OrderService {

  static final List<String> QUEUES = List.of("orders", "mails");

  private static volatile boolean ending;

  private OrderService() {}

  /** Arguments: URL and user of the database, AMQP URI, number of the first thread, threads. */
  public static void main(String[] args) throws Exception {
    HikariDataSource dataSource = pool(args[0], args[1]);
    JdbcOutbox outbox = outbox(dataSource);
    PublishingEventCollector events =
        PublishingEventCollector.builder(
                RabbitMqEventPublisher.builder()
                    .uri(args[2])
                    .heartbeat(Duration.ofSeconds(5))
                    .build())
            .publishTimeout(Duration.ofSeconds(2))
            .firstRetryDelay(Duration.ofMillis(20))
            .maxRetryDelay(Duration.ofMillis(500))
            .listener(new Asides())
            .outbox(outbox)
            .build();
    List<Thread> threads = new ArrayList<>();
    int first = Integer.parseInt(args[3]);
    for (int thread = first; thread < first + Integer.parseInt(args[4]); thread++) {
      int number = thread;
      Thread started = new Thread(() -> placeOrders(outbox, events, number), "orders-" + thread);
      started.start();
      threads.add(started);
    }
    int told = System.in.read();
    ending = true;
    for (Thread thread : threads) {
      thread.join();
    }
    events.close(Duration.ofSeconds(20));
    System.exit(told < 0 ? 1 : 0); // the test is gone
  }

  private static HikariDataSource pool(String url, String user) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword("");
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(5_000);
    config.setInitializationFailTimeout(-1); // the database may be away
    return new HikariDataSource(config);
  }

  private static JdbcOutbox outbox(HikariDataSource dataSource) {
    while (true) {
      try {
        return JdbcOutbox.builder(dataSource).lease(Duration.ofSeconds(2)).build();
      } catch (RuntimeException e) {
        System.out.println("not yet: " + e);
        pause(200);
      }
    }
  }

  private static void placeOrders(JdbcOutbox outbox, EventCollector events, int thread) {
    Random random = new Random(thread);
    for (int number = 0; !ending; number++) {
      int count = 1 + random.nextInt(5);
      boolean fails = random.nextInt(5) == 0;
      try {
        placeOrder(outbox, events, thread, number, count, fails);
      } catch (IllegalArgumentException e) {
        // rolled back on purpose
      } catch (Exception e) { // the database is away, or the commit is in doubt
        System.out.println("in doubt " + thread + ":" + number);
        pause(50);
      }
      pause(random.nextInt(10) == 0 ? random.nextInt(400) : random.nextInt(12));
    }
  }

  private static void placeOrder(
      JdbcOutbox outbox, EventCollector events, int thread, int number, int count, boolean fails)
      throws Exception {
    outbox.inTransaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "insert into crash_orders (thread, number, events) values (?, ?, ?)")) {
            insert.setInt(1, thread);
            insert.setInt(2, number);
            insert.setInt(3, count);
            insert.executeUpdate();
          }
          for (int e = 0; e < count; e++) {
            events.enqueueEvent(thread + ":" + number + ":" + e, QUEUES.get(e % QUEUES.size()));
          }
          if (fails) {
            throw new IllegalArgumentException("rolled back on purpose");
          }
        });
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Events that are refused lose their place, which is promised. */
  private static final class Asides implements EventCollectorListener {
    @Override
    public void onAttempt(List<Event> events, List<Outcome> outcomes, Duration took) {
      for (int i = 0; i < events.size(); i++) {
        if (outcomes.get(i).status().isRefusal()) {
          System.out.println("aside " + events.get(i).bodyAsText() + " " + outcomes.get(i));
        }
      }
    }
  }
}
