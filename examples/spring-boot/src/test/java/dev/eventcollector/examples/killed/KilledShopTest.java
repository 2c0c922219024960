package dev.eventcollector.examples.killed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.eventcollector.testkit.broker.Broker;
import dev.eventcollector.testkit.broker.EmbeddedBroker;
import dev.eventcollector.testkit.broker.ReceivedMessage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Kills the shop again and again (SIGKILL, at moments that the seed decides, every third time while
 * the broker is away), starts it again, and counts orders and events in the end.
 *
 * <p>{@code -Dshop.kills=100 -Dshop.seed=...}; the test run has one.
 */
@Timeout(900)
class KilledShopTest {

  private static final int KILLS = Integer.getInteger("shop.kills", 1);
  private static final long SEED = Long.getLong("shop.seed", 42);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String EXCHANGE = "shop";

  @TempDir Path folder;
  private final List<ShopProcess> all = new ArrayList<>();

  @Test
  void should_have_an_event_for_each_order_and_no_other_when_the_shop_is_killed_promise_16()
      throws Exception {
    Random random = new Random(SEED);
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on") // off by default, and loses commits
                .setPGStartupWait(PATIENCE)
                .start();
        EmbeddedBroker embedded = EmbeddedBroker.start()) {
      JdbcClient database = JdbcClient.create(postgres.getPostgresDatabase());
      declare(embedded.uri());
      ShopProcess shop;
      Customers customers = new Customers();
      try (customers) {
        for (int kill = 0; kill < KILLS; kill++) {
          shop = open(customers, embedded.uri(), postgres);
          if (kill % 3 == 0) {
            embedded.stop();
          }
          int before = customers.taken().size();
          int life = 1 + random.nextInt(150);
          await().atMost(PATIENCE).until(() -> customers.taken().size() >= before + life);
          shop.kill();
          customers.shopAt(0);
          embedded.restart();
        }
        shop = open(customers, embedded.uri(), postgres);
        int before = customers.taken().size();
        await().atMost(PATIENCE).until(() -> customers.taken().size() > before + 20);
      }
      try (Broker broker = Broker.at(embedded.uri())) {
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    count(database, "event_outbox") == 0
                        && count(database, "orders where not shipped") == 0
                        && broker.messageCount("orders") == 0);
      }
      shop.end();
      judge(embedded, database, customers);
    } catch (Throwable e) {
      all.forEach(one -> System.out.println(one.log()));
      throw e;
    } finally {
      all.forEach(ShopProcess::close);
    }
  }

  private ShopProcess open(Customers customers, String broker, EmbeddedPostgres postgres)
      throws IOException {
    ShopProcess shop =
        ShopProcess.start(
            folder,
            broker,
            postgres.getJdbcUrl("postgres", "postgres"),
            List.of(
                "--event-collector.rabbitmq.exchange=" + EXCHANGE,
                "--event-collector.outbox.lease=3s"));
    all.add(shop);
    await().atMost(PATIENCE).until(() -> shop.port() != 0);
    customers.shopAt(shop.port());
    return shop;
  }

  /** A second queue gets a copy of each event for the worker's queue, to be counted. */
  private static void declare(String uri) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      channel.exchangeDeclare(EXCHANGE, "direct", true);
      for (String queue : List.of("orders", "shipments", "placed")) {
        channel.queueDeclare(queue, true, false, false, null);
        channel.queueBind(queue, EXCHANGE, queue.equals("placed") ? "orders" : queue);
      }
    }
  }

  private static int count(JdbcClient database, String from) {
    return database.sql("select count(*) from " + from).query(Integer.class).single();
  }

  private void judge(EmbeddedBroker embedded, JdbcClient database, Customers customers) {
    Set<Integer> orders =
        new HashSet<>(database.sql("select id from orders").query(Integer.class).list());
    try (Broker broker = Broker.at(embedded.uri())) {
      Map<Integer, Set<String>> placed = events(broker.received("placed"));
      Map<Integer, Set<String>> shipped = events(broker.received("shipments"));
      System.out.printf(
          Locale.ROOT,
          "seed %d: %d kills, %d orders, %d refused, %d without an answer, %d events of orders came"
              + " again, %d of shipments%n",
          SEED,
          KILLS,
          orders.size(),
          customers.refused(),
          customers.unanswered(),
          broker.received("placed").size() - placed.size(),
          broker.received("shipments").size() - shipped.size());
      assertThat(orders).as("orders that were taken are there").containsAll(customers.taken());
      assertThat(placed.keySet()).as("each order has its event").containsAll(orders);
      assertThat(orders).as("each event has its order").containsAll(placed.keySet());
      assertThat(shipped.keySet()).as("each order is shipped").isEqualTo(orders);
      assertThat(placed.values()).as("of one transaction").allMatch(ids -> ids.size() == 1);
      assertThat(shipped.values()).as("of one transaction").allMatch(ids -> ids.size() == 1);
      assertThat(broker.messageCount("orders")).isZero();
    }
    assertThat(count(database, "event_outbox_parked")).isZero();
  }

  /** The ids of the events of each order: one that comes again has the same one. */
  private static Map<Integer, Set<String>> events(List<ReceivedMessage> messages) {
    Map<Integer, Set<String>> events = new HashMap<>();
    for (ReceivedMessage message : messages) {
      String body = new String(message.body(), StandardCharsets.UTF_8);
      int order = Integer.parseInt(body.replaceAll("[^0-9]", ""));
      events.computeIfAbsent(order, any -> new HashSet<>()).add(String.valueOf(message.id()));
    }
    return events;
  }
}
