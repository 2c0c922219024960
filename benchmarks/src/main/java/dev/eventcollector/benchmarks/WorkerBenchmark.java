package dev.eventcollector.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All peers work off the same queue, in turns; prints tables, and writes them. */
@Command(name = "worker", mixinStandardHelpOptions = true, showDefaultValues = true)
final class WorkerBenchmark implements Callable<Integer> {

  private static final int FAIRNESS_DELIVERIES = 160;
  private static final int FAIRNESS_MILLIS = 50;

  @Option(names = "--uri", required = true, description = "amqp://user:password@host:port")
  private String uri = "";

  @Option(names = "--rounds", description = "in each, every peer has a turn")
  private int rounds = 5;

  @Option(names = "--warm-up", description = "rounds of the first scenario that are not counted")
  private int warmUp = 4;

  @Option(names = "--deliveries", description = "in each turn, less where handlers are slow")
  private int deliveries = 20_000;

  @Option(names = "--peers", split = ",", description = "${COMPLETION-CANDIDATES}")
  private List<WorkerPeer> peers = List.of(WorkerPeer.values());

  @Option(names = "--only", description = "the scenario of this name, or those that contain it")
  private String only = "";

  @Option(names = "--write", description = "a folder for worker.md and its charts")
  private @Nullable Path folder;

  @Option(names = "--at-least-rate", description = "fails when ours has a lower ratio")
  private double atLeastRate;

  @Option(names = "--at-most-cpu", description = "fails when ours has a higher ratio")
  private double atMostCpu = Double.MAX_VALUE;

  private final StringBuilder text = new StringBuilder();
  private boolean good = true;

  public static void main(String[] args) {
    System.exit(new CommandLine(new WorkerBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    BrokerAccess broker = BrokerAccess.of(uri, null);
    try (Connection connection = broker.connectionFactory().newConnection("benchmark");
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (int i = 0; i < warmUp; i++) { // what a service does all day is compiled
        for (WorkerPeer peer : peers) {
          WorkerScenario first = scenarios().get(0);
          new WorkerRound(first, peer.share(first)).play(peer, broker, channel);
        }
      }
      for (WorkerScenario scenario : chosen()) {
        part(scenario.toString(), () -> compare(scenario, broker, channel));
      }
      if ("idle latency".contains(only)) {
        part("idle latency", () -> latency(broker, channel));
      }
      if ("fairness".contains(only)) {
        part("fairness", () -> fairness(broker, channel));
      }
    } finally {
      broker.deleteQueues(List.of(WorkerRound.IN, WorkerRound.OUT, WorkerRound.IN + ".dead"));
    }
    return good ? 0 : 1;
  }

  private interface Part {
    void play() throws Exception;
  }

  /** A part that fails takes no other along: the tables so far are written after each. */
  private void part(String name, Part part) throws IOException {
    try {
      part.play();
    } catch (Exception e) {
      good = false;
      say("\n**" + name + "** FAILED: " + e);
    }
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("worker.md"), text);
      TableCharts.draw(folder, "worker");
    }
  }

  private List<WorkerScenario> chosen() {
    List<WorkerScenario> exactly =
        scenarios().stream().filter(scenario -> scenario.toString().equals(only)).toList();
    return exactly.isEmpty()
        ? scenarios().stream().filter(scenario -> scenario.toString().contains(only)).toList()
        : exactly;
  }

  private List<WorkerScenario> scenarios() {
    return List.of(
        new WorkerScenario(false, 1, 0, 1, deliveries),
        new WorkerScenario(true, 1, 0, 1, deliveries),
        new WorkerScenario(false, 0, 0, 1, 2 * deliveries),
        new WorkerScenario(false, 1, 1, 1, deliveries / 20),
        new WorkerScenario(false, 1, 50, 1, Math.max(20, deliveries / 500)),
        new WorkerScenario(false, 1, 0, 8, deliveries));
  }

  private void compare(WorkerScenario scenario, BrokerAccess broker, Channel channel)
      throws Exception {
    Map<WorkerPeer, List<Figures>> all = new EnumMap<>(WorkerPeer.class);
    List<WorkerPeer> order = new ArrayList<>(peers);
    for (int round = -1; round < rounds; round++) { // the first warms up
      for (WorkerPeer peer : order) {
        int count = round < 0 ? Math.max(20, peer.share(scenario) / 2) : peer.share(scenario);
        Figures figures = new WorkerRound(scenario, count).play(peer, broker, channel);
        if (round >= 0) {
          all.computeIfAbsent(peer, key -> new ArrayList<>()).add(figures);
        }
      }
      Collections.rotate(order, 1);
    }
    WorkerTable table = new WorkerTable(scenario.toString(), all);
    say(table.toString());
    if (all.containsKey(WorkerPeer.HAND_WRITTEN) && all.containsKey(WorkerPeer.EVENT_COLLECTOR)) {
      double rate = table.ratio(WorkerPeer.EVENT_COLLECTOR, Figures::eventsPerSecond);
      double cpu = table.ratio(WorkerPeer.EVENT_COLLECTOR, Figures::cpuMicros);
      if (rate < atLeastRate || cpu > atMostCpu) {
        good = false;
        say(
            String.format(
                Locale.ROOT,
                "WORSE than allowed: rate %.2f (at least %s), CPU %.2f (at most %s)",
                rate,
                atLeastRate,
                cpu,
                atMostCpu));
      }
    }
  }

  private void latency(BrokerAccess broker, Channel channel) throws Exception {
    say("\n**idle latency** (median, from publication to the event's arrival)\n");
    for (WorkerPeer peer : peers) {
      say(
          String.format(
              Locale.ROOT,
              "- %s: %,.0f us",
              peer.title(),
              WorkerLatency.measure(peer, broker, channel)));
    }
  }

  private void fairness(BrokerAccess broker, Channel channel) throws Exception {
    say("\n**fairness**: two workers on one queue, handler of 50 ms\n");
    for (WorkerPeer peer : peers) {
      WorkerScenario scenario =
          new WorkerScenario(false, 0, FAIRNESS_MILLIS, 1, FAIRNESS_DELIVERIES);
      broker.makeQueue(WorkerRound.IN, false);
      CountDownLatch over = new CountDownLatch(FAIRNESS_DELIVERIES);
      WorkerRound one = new WorkerRound(scenario, FAIRNESS_DELIVERIES, over);
      WorkerRound other = new WorkerRound(scenario, FAIRNESS_DELIVERIES, over);
      try (AutoCloseable first = peer.start(broker, one);
          AutoCloseable second = peer.start(broker, other)) {
        broker.awaitConsumers(WorkerRound.IN, 2);
        WorkerRound.fill(channel, FAIRNESS_DELIVERIES);
        long start = System.nanoTime();
        if (!over.await(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException(over.getCount() + " deliveries are left");
        }
        double ideal = FAIRNESS_DELIVERIES * FAIRNESS_MILLIS / 2.0 / 1e3;
        double took = (System.nanoTime() - start) / 1e9;
        say(
            String.format(
                Locale.ROOT,
                "- %s: %.2f times the ideal time, %d to %d",
                peer.title(),
                took / ideal,
                one.count(),
                other.count()));
      }
    }
  }

  private void say(String line) {
    System.out.println(line);
    text.append(line).append('\n');
  }
}
