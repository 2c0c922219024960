package dev.eventcollector.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One scenario as Markdown. In brackets: the median of the ratios to hand-written in each round.
 */
final class WorkerTable {

  private final String title;
  private final Map<WorkerPeer, List<Figures>> rounds;

  WorkerTable(String title, Map<WorkerPeer, List<Figures>> rounds) {
    this.title = title;
    this.rounds = rounds;
  }

  /** The median, over the rounds, of the ratio to hand-written. */
  double ratio(WorkerPeer peer, ToDoubleFunction<Figures> what) {
    List<Figures> own = rounds.getOrDefault(peer, List.of());
    List<Figures> base = rounds.getOrDefault(WorkerPeer.HAND_WRITTEN, List.of());
    double[] ratios = new double[Math.min(own.size(), base.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = what.applyAsDouble(own.get(i)) / what.applyAsDouble(base.get(i));
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  private void cell(
      StringBuilder text, WorkerPeer peer, String format, ToDoubleFunction<Figures> what) {
    double[] values = rounds.getOrDefault(peer, List.of()).stream().mapToDouble(what).toArray();
    text.append(" | ").append(String.format(Locale.ROOT, format, median(values)));
    if (peer != WorkerPeer.HAND_WRITTEN) {
      text.append(String.format(Locale.ROOT, " (%.2f)", ratio(peer, what)));
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("\n**").append(title).append("**\n\n");
    text.append("| | deliveries/s | CPU per delivery | allocated per delivery |\n");
    text.append("| --- | --- | --- | --- |\n");
    for (WorkerPeer peer : rounds.keySet()) {
      text.append("| ").append(peer.title());
      cell(text, peer, "%,.0f", Figures::eventsPerSecond);
      cell(text, peer, "%.1f us", Figures::cpuMicros);
      cell(text, peer, "%,.0f bytes", Figures::bytes);
      text.append(" |\n");
    }
    return text.toString();
  }
}
