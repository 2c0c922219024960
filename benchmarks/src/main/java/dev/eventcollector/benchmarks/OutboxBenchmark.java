package dev.eventcollector.benchmarks;

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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All peers with an outbox, in turns, on a private PostgreSQL; prints tables, and writes them. */
@Command(name = "outbox", mixinStandardHelpOptions = true, showDefaultValues = true)
final class OutboxBenchmark implements Callable<Integer> {

  @Option(names = "--uri", required = true, description = "amqp://user:password@host:port")
  private String uri = "";

  @Option(names = "--broker-pid", description = "the broker's process, to measure its CPU time")
  private long brokerPid;

  @Option(names = "--rounds", description = "in each, every peer has a turn")
  private int rounds = 7;

  @Option(names = "--events", description = "in each turn; a tenth where units have one event")
  private int events = 10_000;

  @Option(names = "--cases", split = ",", description = "events of a unit x threads")
  private List<String> cases = List.of("10x4", "10x16", "10x1", "1x1", "1x4", "100x4");

  @Option(names = "--peers", split = ",", description = "${COMPLETION-CANDIDATES}")
  private List<OutboxPeer> peers = List.of(OutboxPeer.values());

  @Option(names = "--parts", split = ",", description = "rates, idle, table, take-over, heap")
  private List<String> parts = List.of("rates", "idle", "table", "take-over", "heap");

  @Option(names = "--table-events", description = "of the parts table and heap")
  private int tableEvents = 1_000_000;

  @Option(names = "--take-over-events", description = "of the part take-over")
  private int takeOverEvents = 100_000;

  @Option(names = "--idle-seconds", description = "of the part idle")
  private int idleSeconds = 30;

  @Option(names = "--write", description = "a folder for outbox.md and its charts")
  private @Nullable Path folder;

  private final StringBuilder text = new StringBuilder();
  private boolean good = true;

  public static void main(String[] args) {
    System.exit(new CommandLine(new OutboxBenchmark()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    BrokerAccess broker = BrokerAccess.of(uri, null);
    broker.makeQueue(OutboxPlace.QUEUE, false);
    try (OutboxDatabase database = new OutboxDatabase()) {
      if (parts.contains("rates")) {
        for (String one : cases) {
          String[] numbers = one.split("x", -1);
          OutboxPlace place = new OutboxPlace(broker, database, Integer.parseInt(numbers[1]));
          part(one, () -> say(compare(place, Integer.parseInt(numbers[0])).toString()));
        }
      }
      OutboxFigures figures =
          new OutboxFigures(new OutboxPlace(broker, database, 4), brokerPid, this::say);
      for (OutboxPeer peer : peers) {
        if (parts.contains("idle")) {
          part("idle", () -> figures.idle(peer, idleSeconds));
        }
      }
      for (OutboxPeer peer : peers) {
        if (parts.contains("table")) {
          part("table", () -> figures.table(peer, tableEvents));
        }
      }
      if (parts.contains("take-over")) {
        part("take-over", () -> figures.takeOver(takeOverEvents));
      }
      if (parts.contains("heap")) {
        part("heap", () -> figures.heap(tableEvents));
      }
    } finally {
      broker.deleteQueues(List.of(OutboxPlace.QUEUE));
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
    } catch (Exception | LinkageError e) { // peers need much, in versions of their own
      good = false;
      say("\n**" + name + "** FAILED: " + e);
      e.printStackTrace();
    }
    if (folder != null) {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("outbox.md"), text);
      TableCharts.draw(folder, "outbox");
    }
  }

  /**
   * In each round every peer starts, warms up, and has its turn; the first round is not counted.
   */
  private OutboxTable compare(OutboxPlace place, int ofUnit) throws Exception {
    Map<OutboxPeer, List<OutboxTurn.Result>> all = new EnumMap<>(OutboxPeer.class);
    List<OutboxPeer> order = new ArrayList<>(peers);
    int count = ofUnit == 1 ? events / 10 : events;
    for (int round = 0; round <= rounds; round++) {
      for (OutboxPeer peer : order) {
        try (OutboxContestant contestant = peer.start(place)) {
          new OutboxTurn(place, ofUnit, count / 5, brokerPid).play(contestant);
          OutboxTurn.Result result =
              new OutboxTurn(place, ofUnit, count, brokerPid).play(contestant);
          if (round > 0) {
            all.computeIfAbsent(peer, key -> new ArrayList<>()).add(result);
          }
          System.err.printf(
              Locale.ROOT, "%dx%d %d %s %s%n", ofUnit, place.threads(), round, peer, result);
        }
        place.broker().emptyQueues(List.of(OutboxPlace.QUEUE));
      }
      Collections.rotate(order, 1);
    }
    String title =
        String.format(
            Locale.ROOT,
            "%d event%s in a unit, %d thread%s",
            ofUnit,
            ofUnit == 1 ? "" : "s",
            place.threads(),
            place.threads() == 1 ? "" : "s");
    return new OutboxTable(title, all);
  }

  private void say(String line) {
    System.out.println(line);
    text.append(line).append('\n');
  }
}
