package dev.eventcollector.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The comparisons as Markdown. In brackets: in relation to the hand-written client. */
final class PublishReportText {

  private PublishReportText() {}

  static String whole(List<Comparison> comparisons, List<Peer> peers) {
    StringBuilder text = new StringBuilder();
    comparisons.forEach(comparison -> text.append(table(comparison, peers)).append('\n'));
    return text.toString();
  }

  static String table(Comparison comparison, List<Peer> peers) {
    StringBuilder text = new StringBuilder();
    text.append("**").append(comparison.scenario()).append("**\n\n");
    text.append("| | events/s | CPU per event | allocated per event | p50 | p99 |\n");
    text.append("| --- | --- | --- | --- | --- | --- |\n");
    for (Peer peer : peers) {
      text.append("| ").append(peer.title());
      cell(text, comparison, peer, "%,.0f", Figures::eventsPerSecond);
      cell(text, comparison, peer, "%.1f us", Figures::cpuMicros);
      cell(text, comparison, peer, "%,.0f bytes", Figures::bytes);
      cell(text, comparison, peer, "%,.0f us", Figures::p50Micros);
      cell(text, comparison, peer, "%,.0f us", Figures::p99Micros);
      text.append(" |\n");
    }
    return text.toString();
  }

  private static void cell(
      StringBuilder text,
      Comparison comparison,
      Peer peer,
      String format,
      ToDoubleFunction<Figures> what) {
    double ratio = comparison.ratio(peer, what);
    text.append(" | ").append(String.format(Locale.ROOT, format, comparison.median(peer, what)));
    if (peer != Peer.HAND_WRITTEN) {
      text.append(String.format(Locale.ROOT, ratio < 10 ? " (%.2f)" : " (%.0f)", ratio));
    }
  }
}
