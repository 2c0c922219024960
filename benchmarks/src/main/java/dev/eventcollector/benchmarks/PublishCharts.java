package dev.eventcollector.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Bars for every scenario and peer, in relation to the hand-written client (a line at 1). */
final class PublishCharts {

  private static final List<String> COLOURS =
      List.of("#8a8a8a", "#0b6e4f", "#c9a227", "#b5533c", "#5b5f97");

  private PublishCharts() {}

  static void write(Path folder, List<Comparison> comparisons, List<Peer> peers)
      throws IOException {
    Files.writeString(
        folder.resolve("publish-cpu.svg"),
        chart("CPU per event (less is better)", comparisons, peers, Figures::cpuMicros));
    Files.writeString(
        folder.resolve("publish-events.svg"),
        chart("events/s (more is better)", comparisons, peers, Figures::eventsPerSecond));
  }

  private static String chart(
      String title, List<Comparison> comparisons, List<Peer> all, ToDoubleFunction<Figures> what) {
    List<Peer> peers = all.stream().filter(peer -> peer != Peer.HAND_WRITTEN).toList();
    RatioChart chart =
        new RatioChart(
            title + ", hand-written amqp-client = 1",
            peers.stream().map(peer -> new RatioChart.Series(peer.title(), colour(peer))).toList());
    for (Comparison comparison : comparisons) {
      chart.add(
          comparison.scenario().toString(),
          peers.stream().map(peer -> comparison.ratio(peer, what)).toList());
    }
    return chart.toString();
  }

  static String colour(Peer peer) {
    return COLOURS.get(peer.ordinal());
  }
}
