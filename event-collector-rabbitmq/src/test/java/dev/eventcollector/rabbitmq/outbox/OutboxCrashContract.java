package dev.eventcollector.rabbitmq.outbox;

import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventcollector.outbox.JdbcOutbox;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two or three processes place orders on a database and publish to RabbitMQ, while a seeded
 * schedule kills and freezes them, kills both servers, and cuts and stalls the connections. In the
 * end each committed order has its events, no other has any, and the order of each thread holds.
 *
 * <p>{@code -Doutbox.kills=200 -Doutbox.seed=7}; the test run has each fault once.
 */
@Tag("needs-rabbitmq-nodes")
@Timeout(3_600)
abstract class OutboxCrashContract {

  private static final int KILLS = Integer.getInteger("outbox.kills", 5);
  private static final long SEED = Long.getLong("outbox.seed", 42);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int MOST_PROCESSES = 3;
  private static final int THREADS = 3;

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final List<OrderProcess> all = new ArrayList<>();
  private final List<OrderProcess> running = new ArrayList<>();
  private RabbitMqLab lab;
  private RabbitMqNode node;
  private CrashDatabase database;
  private @Nullable HikariDataSource direct;

  abstract CrashDatabase database(Path folder);

  @BeforeEach
  void startServers() throws Exception {
    lab = RabbitMqLab.open(getClass());
    node = lab.startNode();
    declareQueues();
    database = database(folder);
    database.start();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url(database.port()));
    config.setUsername(database.user());
    config.setPassword("");
    config.setMaximumPoolSize(2);
    direct = new HikariDataSource(config);
    JdbcOutbox.builder(direct).createTables(true).build();
    try (java.sql.Connection connection = direct.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table crash_orders"
              + " (thread int, number int, events int, primary key (thread, number))");
    }
  }

  private void declareQueues() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(node.uri());
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      for (String queue : OrderService.QUEUES) {
        channel.queueDeclare(queue, true, false, false, null);
      }
    }
    node.rememberQueues();
  }

  @AfterEach
  void endEverything() throws Exception {
    for (OrderProcess process : all) {
      process.close();
    }
    if (direct != null) {
      direct.close();
    }
    if (database != null) {
      database.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void should_have_the_events_of_each_committed_order_and_no_others_promise_11_12_13_14()
      throws Exception {
    long began = System.nanoTime();
    Map<CrashFault, Integer> faults = new EnumMap<>(CrashFault.class);
    try {
      while (running.size() < MOST_PROCESSES) {
        start(THREADS);
      }
      for (CrashFault fault : CrashFault.schedule(KILLS, random)) {
        awaitAnOrder();
        pass(random.nextInt(300));
        harm(fault);
        faults.merge(fault, 1, Integer::sum);
      }
      awaitAnOrder();
      end();
      judge(faults, Duration.ofNanos(System.nanoTime() - began));
    } catch (Throwable e) {
      for (OrderProcess process : all.subList(Math.max(0, all.size() - 5), all.size())) {
        System.out.println(process.lastLines());
      }
      System.out.println(faults + "\n" + node.describe());
      throw e;
    }
  }

  private OrderProcess start(int threads) throws IOException {
    Path log = folder.resolve("process-" + all.size() + ".log");
    OrderProcess process =
        OrderProcess.start(log, node.port(), database, all.size() * THREADS, threads);
    all.add(process);
    running.add(process);
    return process;
  }

  private static void pass(int millis) {
    await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
  }

  private void awaitAnOrder() throws SQLException {
    long before = number("select count(*) from crash_orders");
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> number("select count(*) from crash_orders") > before);
  }

  private long number(String sql) throws SQLException {
    try (java.sql.Connection connection = Objects.requireNonNull(direct).getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private void harm(CrashFault fault) throws Exception {
    while (running.size() < MOST_PROCESSES) {
      start(THREADS);
    }
    OrderProcess victim = running.get(random.nextInt(running.size()));
    switch (fault) {
      case PROCESS_KILLED -> {}
      case PROCESS_FROZEN -> {
        victim.freeze(true);
        pass(random.nextInt(4_000));
        victim.freeze(false);
      }
      case RABBITMQ_KILLED -> {
        node.kill();
        pass(random.nextInt(1_500));
      }
      case DATABASE_KILLED -> {
        database.kill();
        pass(random.nextInt(500));
      }
      case RABBITMQ_CUT -> victim.toRabbitMq.cut();
      case DATABASE_CUT -> victim.toDatabase.cut();
      case RABBITMQ_STALLED -> stall(victim.toRabbitMq, random.nextInt(4_000));
      case DATABASE_STALLED -> stall(victim.toDatabase, random.nextInt(4_000));
      case RABBITMQ_STALLED_PROCESS_KILLED -> stall(victim.toRabbitMq, random.nextInt(500), victim);
      case DATABASE_STALLED_PROCESS_KILLED -> stall(victim.toDatabase, random.nextInt(500), victim);
    }
    if (fault.kills) {
      kill(victim);
    }
    if (fault == CrashFault.RABBITMQ_KILLED) {
      node.start();
    } else if (fault == CrashFault.DATABASE_KILLED) {
      database.start();
    }
  }

  private void kill(OrderProcess victim) throws Exception {
    victim.kill();
    running.remove(victim);
    if (random.nextBoolean()) {
      start(THREADS); // otherwise two are side by side until the next fault
    }
  }

  /** In one direction or both; then the bytes go on their way, or the connection is cut. */
  private void stall(FaultProxy proxy, int millis) {
    stall(proxy);
    pass(millis);
    if (random.nextBoolean()) {
      proxy.cut();
    }
    proxy.resume();
  }

  private void stall(FaultProxy proxy) {
    int which = random.nextInt(3);
    if (which != 0) {
      proxy.stall(Direction.TO_BROKER);
    }
    if (which != 1) {
      proxy.stall(Direction.TO_CLIENT);
    }
  }

  /** Statements of a process that is dead arrive late, sometimes after its lease is over. */
  private void stall(FaultProxy proxy, int millis, OrderProcess victim) throws Exception {
    stall(proxy);
    pass(millis);
    victim.kill();
    pass(random.nextInt(4_000));
    proxy.resume();
  }

  /** One process ends in order, others are killed, and one more takes over what is left. */
  private void end() throws Exception {
    OrderProcess first = running.remove(0);
    for (OrderProcess other : List.copyOf(running)) {
      other.kill();
      running.remove(other);
    }
    first.end();
    OrderProcess last = start(0);
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(
            () ->
                number("select count(*) from event_outbox") == 0
                    && number("select count(*) from event_outbox_owner") == 1);
    last.end();
  }

  private void judge(Map<CrashFault, Integer> faults, Duration took) throws Exception {
    List<String> log = new ArrayList<>();
    for (OrderProcess process : all) {
      log.addAll(process.log());
    }
    CrashVerdict verdict = new CrashVerdict(log);
    try (java.sql.Connection connection = Objects.requireNonNull(direct).getConnection()) {
      verdict.readOrders(connection);
    }
    verdict.readQueues(node.uri());
    int kills =
        faults.entrySet().stream()
            .filter(f -> f.getKey().kills)
            .mapToInt(Map.Entry::getValue)
            .sum();
    System.out.printf(
        Locale.ROOT,
        "outbox-crash %s, seed %d: %d kills, %s, %d processes, %s, %d parked, %d s%n",
        getClass().getSimpleName(),
        SEED,
        kills,
        faults,
        all.size(),
        verdict.figures(),
        number("select count(*) from event_outbox_parked"),
        took.toSeconds());
    verdict.judge();
  }
}
