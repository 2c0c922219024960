package dev.eventcollector.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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

  @Option(names = "--only", description = "scenarios whose name contains this")
  private String only = "";

  @Option(names = "--write", description = "a folder for worker.md")
  private @Nullable Path folder;

  @Option(names = "--at-least", description = "fails when ours has a lower ratio, 1 event, classic")
  private double atLeast;

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
          new WorkerRound(scenarios().get(0), deliveries).play(peer, broker, channel);
        }
      }
      for (WorkerScenario scenario : scenarios()) {
        if (scenario.toString().contains(only)) {
          compare(scenario, broker, channel);
        }
      }
      if ("idle latency".contains(only)) {
        latency(broker, channel);
      }
      if ("fairness".contains(only)) {
        fairness(broker, channel);
      }
    } finally {
      broker.deleteQueues(List.of(WorkerRound.IN, WorkerRound.OUT, WorkerRound.IN + ".dead"));
    }
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("worker.md"), text);
    }
    return good ? 0 : 1;
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
        int count = round < 0 ? Math.max(20, scenario.deliveries() / 2) : scenario.deliveries();
        Figures figures = new WorkerRound(scenario, count).play(peer, broker, channel);
        if (round >= 0) {
          all.computeIfAbsent(peer, key -> new ArrayList<>()).add(figures);
        }
      }
      Collections.rotate(order, 1);
    }
    WorkerTable table = new WorkerTable(scenario.toString(), all);
    say(table.toString());
    if (!scenario.quorum()
        && scenario.events() == 1
        && scenario.handlerMillis() == 0
        && table.rateRatio(WorkerPeer.EVENT_COLLECTOR) < atLeast) {
      good = false;
      say("WORSE than allowed: less than " + atLeast);
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
      WorkerRound one = new WorkerRound(scenario, FAIRNESS_DELIVERIES);
      WorkerRound other = new WorkerRound(scenario, FAIRNESS_DELIVERIES);
      try (AutoCloseable first = peer.start(broker, one);
          AutoCloseable second = peer.start(broker, other)) {
        TimeUnit.SECONDS.sleep(1);
        WorkerRound.fill(channel, FAIRNESS_DELIVERIES);
        long start = System.nanoTime();
        while (one.count() + other.count() < FAIRNESS_DELIVERIES) {
          TimeUnit.MILLISECONDS.sleep(5);
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
