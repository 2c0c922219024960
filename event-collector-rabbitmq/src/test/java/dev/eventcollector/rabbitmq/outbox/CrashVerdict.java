package dev.eventcollector.rabbitmq.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** Compares orders with the events that have arrived. */
final class CrashVerdict {

  private final List<String> log;
  private final Set<String> expected = new HashSet<>();
  private final Map<String, List<Arrival>> arrivals = new HashMap<>();
  private int orders;

  private record Arrival(String body, String id) {}

  /** The lines that all processes have written. */
  CrashVerdict(List<String> log) {
    this.log = log;
  }

  /** The orders that were committed; an order has events with numbers from 0 on. */
  void readOrders(java.sql.Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select thread, number, events from crash_orders")) {
      while (rows.next()) {
        committed(rows.getInt(1), rows.getInt(2), rows.getInt(3));
      }
    }
  }

  /** An order of a thread. */
  void committed(int thread, int number, int events) {
    orders++;
    for (int e = 0; e < events; e++) {
      expected.add(thread + ":" + number + ":" + e);
    }
  }

  /** An event of a queue, behind those that have arrived before. */
  void arrived(String queue, String body, String id) {
    arrivals.computeIfAbsent(queue, any -> new ArrayList<>()).add(new Arrival(body, id));
  }

  /** Takes all that is in the queues, in order. */
  void readQueues(String uri) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    try (Connection connection = factory.newConnection();
        Channel channel = connection.createChannel()) {
      for (String queue : OrderService.QUEUES) {
        long count = channel.messageCount(queue);
        List<Arrival> arrived = Collections.synchronizedList(new ArrayList<>());
        channel.basicConsume(
            queue,
            true,
            (tag, message) ->
                arrived.add(
                    new Arrival(
                        new String(message.getBody(), StandardCharsets.UTF_8),
                        message.getProperties().getMessageId())),
            tag -> {});
        Awaitility.await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> arrived.size() >= count && channel.messageCount(queue) == 0);
        List.copyOf(arrived).forEach(one -> arrived(queue, one.body(), one.id()));
      }
    }
  }

  void judge() throws IOException {
    Map<String, Set<String>> ids = new HashMap<>();
    all().forEach(one -> ids.computeIfAbsent(one.body(), any -> new HashSet<>()).add(one.id()));
    assertThat(missing(expected, ids.keySet())).as("committed, and lost").isEmpty();
    assertThat(missing(ids.keySet(), expected)).as("rolled back, and arrived").isEmpty();
    assertThat(ids)
        .as("duplicates under the same id")
        .allSatisfy((b, i) -> assertThat(i).hasSize(1));
    assertThat(new HashSet<>(ids.values())).as("an id for each event").hasSameSizeAs(ids.values());
    arrivals.forEach((queue, arrived) -> assertOrder(queue, arrived));
  }

  private List<Arrival> all() {
    return arrivals.values().stream().flatMap(List::stream).toList();
  }

  private static Set<String> missing(Set<String> of, Set<String> in) {
    Set<String> missing = new HashSet<>(of);
    missing.removeAll(in);
    return missing;
  }

  /** First arrivals of a thread's events in a queue are in the order of its transactions. */
  private void assertOrder(String queue, List<Arrival> arrived) {
    Set<String> inDoubt = written("in doubt ");
    Set<String> asides = written("aside ");
    Map<String, Long> last = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (Arrival one : arrived) {
      String[] parts = one.body().split(":", -1);
      if (seen.add(one.body())
          && !asides.contains(one.body())
          && !inDoubt.contains(parts[0] + ":" + parts[1])) {
        long position = Long.parseLong(parts[1]) * 100 + Long.parseLong(parts[2]);
        Long before = last.put(parts[0], position);
        assertThat(position)
            .as("%s after %s of thread %s in %s", position, before, parts[0], queue)
            .isGreaterThan(before == null ? -1 : before);
      }
    }
  }

  /** The first word behind this beginning of a line. */
  private Set<String> written(String beginning) {
    Set<String> words = new HashSet<>();
    for (String line : log) {
      if (line.startsWith(beginning)) {
        words.add(line.substring(beginning.length()).split(" ", 2)[0]);
      }
    }
    return words;
  }

  private long lines(String text) {
    return log.stream().filter(line -> line.contains(text)).count();
  }

  String figures() {
    long distinct = all().stream().map(Arrival::body).distinct().count();
    return orders
        + " orders, "
        + expected.size()
        + " events, "
        + (all().size() - distinct)
        + " duplicates under the same id, "
        + written("in doubt ").size()
        + " transactions that ended in an exception, "
        + written("aside ").size()
        + " events refused at first, "
        + lines("Takes over what")
        + " take-overs, "
        + lines("lost its lease")
        + " leases lost";
  }
}
