package dev.eventcollector.benchmarks;

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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All peers publish to the same broker, in turns; prints tables, and writes them and charts. */
@Command(name = "publish", mixinStandardHelpOptions = true, showDefaultValues = true)
final class PublishBenchmark implements Callable<Integer> {

  private static final String QUEUE = "event-collector-benchmark";
  private static final int WARM_UP_TURNS = 1;

  @Option(names = "--uri", required = true, description = "amqp://user:password@host:port")
  private String uri = "";

  @Option(names = "--tls-uri", description = "amqps://..., else nothing is measured over TLS")
  private @Nullable String tlsUri;

  @Option(names = "--tls-authority", description = "the certificate (PEM) that signed the broker's")
  private @Nullable Path tlsAuthority;

  @Option(names = "--rounds", description = "in each, every peer has a turn")
  private int rounds = 5;

  @Option(names = "--warm-up", description = "rounds with 8 threads that are not counted")
  private int warmUp = 6;

  @Option(names = "--seconds", description = "of a turn")
  private double seconds = 2;

  @Option(names = "--peers", split = ",", description = "${COMPLETION-CANDIDATES}")
  private List<Peer> peers = List.of(Peer.values());

  @Option(names = "--chunks", split = ",", description = "only these, of the events of one thread")
  private int @Nullable [] chunks;

  @Option(names = "--threads", description = "together with --chunks")
  private int threads = 1;

  @Option(names = "--bytes", description = "together with --chunks")
  private int bytes = 300;

  @Option(names = "--queues", description = "together with --chunks")
  private int queues = 1;

  @Option(names = "--quorum", description = "together with --chunks")
  private boolean quorum;

  @Option(names = "--tls", description = "together with --chunks")
  private boolean tls;

  @Option(names = "--write", description = "a folder for publish.md and its charts")
  private @Nullable Path folder;

  @Option(names = "--at-most-cpu", description = "fails when ours has a higher ratio")
  private double atMostCpu = Double.MAX_VALUE;

  @Option(names = "--at-most-allocation", description = "fails when ours has a higher ratio")
  private double atMostAllocation = Double.MAX_VALUE;

  public static void main(String[] args) {
    System.exit(new CommandLine(new PublishBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (warmUp > 0) { // what a service does a thousand times each second is compiled
      compare(Scenario.plain(1, 8), 0, warmUp);
    }
    List<Comparison> comparisons = new ArrayList<>();
    for (Scenario scenario : scenarios()) {
      if (scenario.tls() && tlsUri == null) {
        System.err.println("left out, since there is no --tls-uri: " + scenario);
        continue;
      }
      Comparison comparison = compare(scenario, rounds, WARM_UP_TURNS);
      comparisons.add(comparison);
      System.out.println(PublishReportText.table(comparison, peers));
    }
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("publish.md"), PublishReportText.whole(comparisons, peers));
      PublishCharts.write(folder, comparisons, peers);
      ScalingChart.write(folder, comparisons);
    }
    return comparisons.stream().allMatch(this::isGoodEnough) ? 0 : 1;
  }

  private boolean isGoodEnough(Comparison comparison) {
    if (!peers.contains(Peer.HAND_WRITTEN) || !peers.contains(Peer.EVENT_COLLECTOR)) {
      return true;
    }
    double cpu = comparison.ratio(Peer.EVENT_COLLECTOR, Figures::cpuMicros);
    double allocation = comparison.ratio(Peer.EVENT_COLLECTOR, Figures::bytes);
    boolean good = cpu <= atMostCpu && allocation <= atMostAllocation;
    if (!good) {
      System.out.printf(
          Locale.ROOT,
          "WORSE than allowed: CPU %.2f (at most %s), allocation %.2f (at most %s): %s%n",
          cpu,
          atMostCpu,
          allocation,
          atMostAllocation,
          comparison.scenario());
    }
    return good;
  }

  private List<Scenario> scenarios() {
    if (chunks != null) {
      return IntStream.of(chunks)
          .mapToObj(chunk -> new Scenario(chunk, threads, bytes, queues, quorum, tls))
          .toList();
    }
    return List.of(
        Scenario.plain(1, 1),
        Scenario.plain(10, 1),
        Scenario.plain(100, 1),
        Scenario.plain(1_000, 1),
        Scenario.plain(1, 8),
        Scenario.plain(10, 8),
        Scenario.plain(100, 8),
        Scenario.plain(1, 64),
        Scenario.plain(10, 64),
        Scenario.plain(100, 64),
        Scenario.plain(100, 1).withBytes(3_000),
        Scenario.plain(100, 1).withBytes(30_000),
        Scenario.plain(100, 1).toQueues(10),
        Scenario.plain(100, 1).toQueues(100),
        Scenario.plain(1, 1).onQuorumQueue(),
        Scenario.plain(100, 1).onQuorumQueue(),
        Scenario.plain(1, 1).overTls(),
        Scenario.plain(100, 1).overTls(),
        Scenario.plain(1_000, 1).overTls());
  }

  private Comparison compare(Scenario scenario, int counted, int notCounted) throws Exception {
    BrokerAccess broker =
        scenario.tls() && tlsUri != null
            ? BrokerAccess.of(tlsUri, tlsAuthority)
            : BrokerAccess.of(uri, null);
    List<String> names =
        IntStream.range(0, scenario.queues()).mapToObj(i -> QUEUE + (i == 0 ? "" : i)).toList();
    for (String name : names) {
      broker.makeQueue(name, scenario.quorum());
    }
    Round round = new Round(scenario, names);
    Comparison comparison = new Comparison(scenario);
    Map<Peer, Contestant> contestants = new EnumMap<>(Peer.class);
    try {
      for (Peer peer : peers) {
        contestants.put(peer, peer.start(broker, scenario.threads()));
      }
      for (int i = 0; i < notCounted; i++) {
        play(round, contestants, broker, names, peers);
      }
      List<Peer> order = new ArrayList<>(peers);
      for (int i = 0; i < counted; i++) {
        comparison.add(play(round, contestants, broker, names, order));
        Collections.rotate(order, 1);
      }
    } finally {
      for (Contestant contestant : contestants.values()) {
        contestant.close();
      }
      broker.deleteQueues(names);
    }
    return comparison;
  }

  private Map<Peer, Figures> play(
      Round round,
      Map<Peer, Contestant> contestants,
      BrokerAccess broker,
      List<String> queues,
      List<Peer> order)
      throws Exception {
    long nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    Map<Peer, Figures> figures = new EnumMap<>(Peer.class);
    for (Peer peer : order) {
      Contestant contestant = contestants.get(peer);
      if (contestant != null) {
        figures.put(peer, round.play(contestant, nanos));
      }
      broker.emptyQueues(queues);
    }
    return figures;
  }
}
