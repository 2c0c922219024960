package dev.eventcollector.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** One case as Markdown: medians, and the median of the ratios to hand-written in each round. */
final class OutboxTable {

  private final String title;
  private final Map<OutboxPeer, List<OutboxTurn.Result>> rounds;

  OutboxTable(String title, Map<OutboxPeer, List<OutboxTurn.Result>> rounds) {
    this.title = title;
    this.rounds = rounds;
  }

  private List<OutboxTurn.Result> of(OutboxPeer peer) {
    return rounds.getOrDefault(peer, List.of());
  }

  private double[] ratios(OutboxPeer peer, ToDoubleFunction<OutboxTurn.Result> what) {
    List<OutboxTurn.Result> own = of(peer);
    List<OutboxTurn.Result> base = of(OutboxPeer.HAND_WRITTEN);
    double[] ratios = new double[Math.min(own.size(), base.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = what.applyAsDouble(own.get(i)) / what.applyAsDouble(base.get(i));
    }
    Arrays.sort(ratios);
    return ratios;
  }

  private double median(OutboxPeer peer, ToDoubleFunction<OutboxTurn.Result> what) {
    double[] values = of(peer).stream().mapToDouble(what).sorted().toArray();
    return values.length == 0 ? Double.NaN : values[values.length / 2];
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("\n**").append(title).append("**\n\n");
    text.append(
        "| | events/s (ratio) [lowest-highest] | CPU per event, client and database (ratio)"
            + " | CPU of the broker | caller waits, p50 |\n| --- | --- | --- | --- | --- |\n");
    for (OutboxPeer peer : rounds.keySet()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,.0f%s | %.0f + %.0f us%s | %.0f us | %.1f ms |%n",
              peer.title(),
              median(peer, OutboxTurn.Result::eventsPerSecond),
              compared(peer, OutboxTurn.Result::eventsPerSecond, true),
              median(peer, OutboxTurn.Result::client),
              median(peer, OutboxTurn.Result::database),
              compared(peer, OutboxTurn.Result::clientAndDatabase, false),
              median(peer, OutboxTurn.Result::broker),
              median(peer, OutboxTurn.Result::unitMillis)));
    }
    return text.toString();
  }

  private String compared(
      OutboxPeer peer, ToDoubleFunction<OutboxTurn.Result> what, boolean withRange) {
    double[] ratios = ratios(peer, what);
    if (peer == OutboxPeer.HAND_WRITTEN || ratios.length == 0) {
      return "";
    }
    String median = String.format(Locale.ROOT, " (%.2f)", ratios[ratios.length / 2]);
    return withRange
        ? median + String.format(Locale.ROOT, " [%.2f-%.2f]", ratios[0], ratios[ratios.length - 1])
        : median;
  }
}
