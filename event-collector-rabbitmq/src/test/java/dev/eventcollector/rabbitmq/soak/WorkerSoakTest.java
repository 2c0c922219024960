package dev.eventcollector.rabbitmq.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventcollector.CollectorState;
import dev.eventcollector.PublishingEventCollector;
import dev.eventcollector.TooManyPendingEventsException;
import dev.eventcollector.rabbitmq.DeadLetter;
import dev.eventcollector.rabbitmq.DeadLetters;
import dev.eventcollector.rabbitmq.RabbitMqEventPublisher;
import dev.eventcollector.rabbitmq.RabbitMqWorker;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy;
import dev.eventcollector.rabbitmq.faultlab.FaultProxy.Direction;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqLab;
import dev.eventcollector.rabbitmq.faultlab.RabbitMqNode;
import dev.eventcollector.testkit.broker.Broker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers on a quorum queue whose handlers fail in every way, and whose events go to another
 * broker, while nodes of both are killed and drained, raise alarms, and close connections: {@code
 * -Dsoak.seconds} (120) and {@code -Dsoak.seed}.
 */
@Tag("needs-rabbitmq-nodes")
class WorkerSoakTest {

  private static final String WORK = "work";
  private static final String OUT = "out";
  private static final Map<String, Object> QUORUM = Map.of("x-queue-type", "quorum");
  private static final int WORKERS = 2;
  private static final int PAGE = 10_000;

  private final int seconds = Integer.getInteger("soak.seconds", 120);
  private final long seed = Long.getLong("soak.seed", System.currentTimeMillis());
  private final Random random = new Random(seed);
  private final WorkerRecord record = new WorkerRecord();
  private final Map<String, Deed> sent = new ConcurrentHashMap<>();
  private final Map<Harm, Integer> harms = new EnumMap<>(Harm.class);
  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private List<RabbitMqNode> cluster;
  private RabbitMqNode other;
  private List<FaultProxy> ways;
  private FaultProxy wayToOther;
  private volatile boolean stopped;

  private enum Harm {
    KILL,
    DRAIN,
    ALARM,
    CLOSE,
    CUT,
    STALL,
    OTHER_AWAY,
    OTHER_ALARM,
    OTHER_CUT
  }

  @Test
  @Tag("soak")
  void should_complete_or_explain_each_delivery_under_any_fault() throws Exception {
    try (RabbitMqLab lab = RabbitMqLab.open(WorkerSoakTest.class)) {
      soak("worker-soak", lab.startCluster(1), lab.startNode());
    }
  }

  @Test
  @Tag("cluster-soak")
  void should_complete_or_explain_each_delivery_under_any_fault_in_a_cluster() throws Exception {
    try (RabbitMqLab lab = RabbitMqLab.open(WorkerSoakTest.class)) {
      soak("worker-cluster-soak", lab.startCluster(3), lab.startNode());
    }
  }

  private void soak(String name, List<RabbitMqNode> nodes, RabbitMqNode otherBroker)
      throws Exception {
    cluster = nodes;
    other = otherBroker;
    ways = new ArrayList<>();
    for (RabbitMqNode node : nodes) {
      ways.add(closeAtEnd(FaultProxy.to(node.uri())));
    }
    wayToOther = closeAtEnd(FaultProxy.to(other.uri()));
    List<String> uris = nodes.stream().map(RabbitMqNode::uri).toList();
    try (Arrivals events = new Arrivals(List.of(other.uri()), List.of(OUT), QUORUM)) {
      events.awaitConsuming();
      declareWork();
      PublishingEventCollector forWork = collector(uris);
      PublishingEventCollector forEvents = collector(List.of(wayToOther.uri()));
      for (int i = 0; i < WORKERS; i++) {
        closeAtEnd(worker(forEvents));
      }
      Thread sender = new Thread(() -> send(forWork), "soak-sender");
      sender.setDaemon(true);
      sender.start();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      while (System.nanoTime() < end) {
        pause(500 + random.nextInt(3_000));
        doHarm(Harm.values()[random.nextInt(Harm.values().length)]);
      }
      stopped = true;
      sender.join(30_000);
      await().atMost(Duration.ofMinutes(3)).until(() -> forWork.state().owed() == 0);
      awaitAll();
      await().atMost(Duration.ofMinutes(3)).until(() -> forEvents.state().owed() == 0);
      judge(name, events, forEvents.state());
    } finally {
      while (!toClose.isEmpty()) {
        toClose.pop().close();
      }
    }
  }

  private void declareWork() throws Exception {
    try (Broker broker = Broker.at(cluster.get(0).uri())) {
      broker.declareQueue(WORK, QUORUM);
    }
    cluster.get(0).rememberQueues();
    other.rememberQueues();
  }

  private <T extends AutoCloseable> T closeAtEnd(T resource) {
    toClose.push(resource);
    return resource;
  }

  private PublishingEventCollector collector(List<String> uris) {
    PublishingEventCollector collector =
        PublishingEventCollector.builder(
                RabbitMqEventPublisher.builder()
                    .uris(uris)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build())
            .publishTimeout(Duration.ofSeconds(3))
            .firstRetryDelay(Duration.ofMillis(50))
            .maxRetryDelay(Duration.ofSeconds(1))
            .maxAttempts(1_000)
            .listener(record)
            .build();
    closeAtEnd(() -> collector.close(Duration.ZERO));
    return collector;
  }

  private RabbitMqWorker worker(PublishingEventCollector events) {
    return RabbitMqWorker.builder()
        .uris(ways.stream().map(FaultProxy::uri).toList())
        .queue(WORK)
        .concurrency(4)
        .retryDelays(Duration.ofMillis(500), Duration.ofSeconds(1))
        .attemptTimeout(Duration.ofSeconds(5))
        .holdLimit(Duration.ofSeconds(6))
        .stopTimeout(Duration.ofSeconds(1))
        .listener(record)
        .collector(events)
        .handler(
            (delivery, collector) -> {
              record.handling(delivery);
              sent.getOrDefault(delivery.bodyAsText(), Deed.SUCCEEDS)
                  .handle(delivery, collector, OUT);
            })
        .start();
  }

  private void send(PublishingEventCollector work) {
    for (long number = 0; !stopped; number++) {
      String body = "d" + number;
      sent.put(body, Deed.number(number));
      try {
        work.enqueueEvent(body, WORK);
      } catch (TooManyPendingEventsException e) { // the broker is away
        sent.remove(body);
        pauseQuietly(500);
      }
      work.publish();
      pauseQuietly(10);
    }
  }

  private void doHarm(Harm harm) throws Exception {
    harms.merge(harm, 1, Integer::sum);
    RabbitMqNode node = cluster.get(random.nextInt(cluster.size()));
    FaultProxy way = ways.get(random.nextInt(ways.size()));
    switch (harm) {
      case KILL -> killAndRestart(node);
      case DRAIN -> {
        node.control("eval", "rabbit_maintenance:drain().");
        pause(2_000);
        node.control("eval", "rabbit_maintenance:revive().");
      }
      case ALARM -> alarm(node);
      case CLOSE -> node.closeConnections();
      case CUT -> way.cut();
      case STALL -> {
        way.stall(random.nextBoolean() ? Direction.TO_BROKER : Direction.TO_CLIENT);
        pause(500 + random.nextInt(4_000));
        way.cut();
        way.resume();
      }
      case OTHER_AWAY -> killAndRestart(other);
      case OTHER_ALARM -> alarm(other);
      case OTHER_CUT -> wayToOther.cut();
    }
  }

  private void killAndRestart(RabbitMqNode node) throws Exception {
    node.kill();
    pause(random.nextInt(8_000));
    node.start();
  }

  private void alarm(RabbitMqNode node) throws Exception {
    node.raiseMemoryAlarm();
    pause(random.nextInt(8_000));
    node.clearMemoryAlarm();
  }

  private void awaitAll() {
    try {
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(Duration.ofMinutes(4))
          .until(() -> record.open(sent) == 0);
    } catch (ConditionTimeoutException e) {
      // The verdict will say what is missing.
    }
  }

  private void judge(String name, Arrivals events, CollectorState state) throws Exception {
    List<DeadLetter> letters = deadLetters();
    List<String> wrong = new ArrayList<>();
    List<String> arrived = List.of();
    for (int i = 0; i < 60 && (i == 0 || !wrong.isEmpty()); i++) { // the last may be on their way
      pause(500);
      arrived = bodies(events);
      wrong = record.violations(sent, letters, arrived);
    }
    System.out.println(
        String.format(
            Locale.ROOT,
            "%s seed=%d harms=%s %s violations=%d",
            name,
            seed,
            harms,
            record.describe(sent, letters.size(), arrived),
            wrong.size()));
    assertThat(wrong).isEmpty();
    assertThat(record.open(sent)).as("without an end").isZero();
    assertThat(state.enqueued())
        .as("%s", state)
        .isEqualTo(state.confirmed() + state.cleared() + state.withdrawn());
  }

  /** Events that came, but for those that the consumer itself got again. */
  private static List<String> bodies(Arrivals events) {
    Set<String> seen = new HashSet<>();
    return events.soFar().stream()
        .filter(one -> seen.add(one.id()) || !one.redelivered())
        .map(Arrivals.Arrival::body)
        .toList();
  }

  private List<DeadLetter> deadLetters() throws Exception {
    try (DeadLetters dead = DeadLetters.builder().uri(cluster.get(0).uri()).queue(WORK).build()) {
      return dead.list(0, PAGE);
    }
  }

  private static void pause(long millis) throws InterruptedException {
    new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private void pauseQuietly(long millis) {
    try {
      pause(millis);
    } catch (InterruptedException e) {
      stopped = true;
    }
  }
}
