package dev.eventcollector.rabbitmq.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.UndeliverableEvent;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Minutes of load while nodes are killed and connections are cut, at moments that a seed decides:
 * {@code -Dsoak.seconds} (120) and {@code -Dsoak.seed} (the time of day).
 */
@Tag("needs-rabbitmq-nodes")
class SoakTest {

  private static final int THREADS = 8;
  private static final List<String> QUEUES = List.of("soak-a", "soak-b", "soak-c");

  private final int seconds = Integer.getInteger("soak.seconds", 120);
  private final long seed = Long.getLong("soak.seed", System.currentTimeMillis());
  private final Random random = new Random(seed);
  private final List<UndeliverableEvent> undeliverable = new CopyOnWriteArrayList<>();
  private int kills;
  private int cuts;
  private int swallows;

  /** Does harm once. */
  private interface Harm {
    void run() throws Exception;
  }

  @Test
  @Tag("soak")
  void should_lose_nothing_when_the_node_is_killed_and_connections_are_cut() throws Exception {
    try (RabbitMqLab lab = RabbitMqLab.open(SoakTest.class)) {
      RabbitMqNode node = lab.startNode();
      soak("soak", List.of(node), Map.of(), () -> killAndRestart(node));
    }
  }

  @Test
  @Tag("cluster-soak")
  void should_lose_nothing_when_the_leader_of_a_cluster_is_killed_each_time() throws Exception {
    try (RabbitMqLab lab = RabbitMqLab.open(SoakTest.class)) {
      List<RabbitMqNode> cluster = lab.startCluster(3);
      soak(
          "cluster-soak",
          cluster,
          Map.of("x-queue-type", "quorum"),
          () -> killAndRestart(leader(cluster)));
    }
  }

  private RabbitMqNode leader(List<RabbitMqNode> cluster) throws Exception {
    String queue = QUEUES.get(random.nextInt(QUEUES.size()));
    String name = cluster.get(0).leaderOf(queue);
    return cluster.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private void killAndRestart(RabbitMqNode node) throws Exception {
    kills++;
    node.kill();
    pause(random.nextInt(3_000));
    node.start();
  }

  private void soak(String name, List<RabbitMqNode> nodes, Map<String, Object> arguments, Harm kill)
      throws Exception {
    List<FaultProxy> proxies = new ArrayList<>();
    for (RabbitMqNode node : nodes) {
      proxies.add(FaultProxy.to(node.uri()));
    }
    Load load = new Load(QUEUES);
    List<String> uris = nodes.stream().map(RabbitMqNode::uri).toList();
    try (Arrivals arrivals = new Arrivals(uris, QUEUES, arguments);
        PublishingEventCollector events = collector(proxies, load)) {
      arrivals.awaitConsuming();
      load.start(events, THREADS, seed);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end) {
        pause(1_000 + random.nextInt(4_000));
        doHarm(proxies, kill);
      }
      proxies.forEach(FaultProxy::resume);
      load.stop();
      await().atMost(Duration.ofMinutes(2)).until(() -> events.state().owed() == 0);
      awaitArrivals(load, arrivals);
      judge(name, nodes.size(), load, arrivals, events.state());
    } finally {
      for (FaultProxy proxy : proxies) {
        proxy.close();
      }
    }
  }

  private PublishingEventCollector collector(List<FaultProxy> proxies, Load load) {
    return PublishingEventCollector.builder(
            RabbitMqEventPublisher.builder()
                .uris(proxies.stream().map(FaultProxy::uri).toList())
                .connectTimeout(Duration.ofSeconds(2))
                .build())
        .publishTimeout(Duration.ofSeconds(3))
        .firstRetryDelay(Duration.ofMillis(50))
        .maxRetryDelay(Duration.ofSeconds(1))
        .maxAttempts(1_000)
        .listener(load)
        .undeliverableHandler(undeliverable::add)
        .build();
  }

  private void doHarm(List<FaultProxy> proxies, Harm kill) throws Exception {
    FaultProxy proxy = proxies.get(random.nextInt(proxies.size()));
    switch (random.nextInt(6)) {
      case 0, 1 -> kill.run();
      case 2 -> {
        cuts++;
        proxy.cut();
      }
      case 3 -> {
        cuts++;
        proxy.cutAfter(Direction.TO_BROKER, random.nextInt(20_000));
      }
      case 4 -> {
        swallows++;
        proxy.swallow(Direction.TO_CLIENT);
        pause(500 + random.nextInt(1_500));
        proxy.cut();
        proxy.resume();
      }
      default -> {
        swallows++;
        proxy.stall(Direction.TO_BROKER);
        pause(500 + random.nextInt(4_000));
        proxy.resume();
      }
    }
  }

  private static void awaitArrivals(Load load, Arrivals arrivals) {
    Set<String> wanted = new HashSet<>();
    load.expected().values().forEach(wanted::addAll);
    try {
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofMinutes(1))
          .until(() -> bodies(arrivals).containsAll(wanted));
    } catch (ConditionTimeoutException e) {
      // The verdict will say what is missing.
    }
  }

  private static Set<String> bodies(Arrivals arrivals) {
    return arrivals.soFar().stream().map(Arrivals.Arrival::body).collect(Collectors.toSet());
  }

  private void judge(String name, int nodes, Load load, Arrivals arrivals, CollectorState state) {
    Verdict verdict = Verdict.of(load, arrivals.soFar());
    String faults = String.format(Locale.ROOT, "kills=%d cuts=%d stalls=%d", kills, cuts, swallows);
    System.out.println(verdict.describe(name, seed, load, state, faults));
    assertThat(verdict.lost()).as("lost %s", verdict.examples()).isZero();
    assertThat(verdict.rolledBackButArrived()).as("%s", verdict.examples()).isZero();
    assertThat(verdict.outOfOrder()).as("%s", verdict.examples()).isZero();
    if (nodes == 1) {
      assertThat(verdict.overtakenInUnit()).as("%s", verdict.examples()).isZero();
    }
    assertThat(verdict.unexplained()).as("%s", verdict.examples()).isZero();
    assertThat(undeliverable).isEmpty();
    assertThat(state.confirmed()).as("%s", state).isEqualTo(verdict.published());
    assertThat(state.enqueued()).isEqualTo(state.confirmed() + state.cleared());
    assertThat(kills + cuts).as("harm was done").isPositive();
  }

  private static void pause(long millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }
}
