package dev.eventcollector.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Bars for every scenario and peer, in relation to the hand-written client (a line at 1). */
final class PublishCharts {

  private static final int LABEL = 270;
  private static final int WIDTH = 900;
  private static final int BAR = 11;
  private static final int GAP = 12;
  private static final int HEAD = 64;
  private static final double OCTAVE = 75;
  private static final double LOWEST = 0.125;
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
    int height = HEAD + comparisons.size() * (peers.size() * BAR + GAP) + 30;
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='11'>",
        WIDTH,
        height);
    add(svg, "<rect width='100%%' height='100%%' fill='white'/>");
    add(svg, "<text x='10' y='20' font-size='15'>%s, hand-written amqp-client = 1</text>", title);
    int legend = 10;
    for (Peer peer : peers) {
      add(svg, "<rect x='%d' y='32' width='10' height='10' fill='%s'/>", legend, colour(peer));
      add(svg, "<text x='%d' y='41'>%s</text>", legend + 14, peer.title());
      legend += 30 + 7 * peer.title().length();
    }
    for (double at = LOWEST; x(at) < WIDTH - 20; at *= 2) {
      String colour = at == 1 ? "#000" : "#ddd";
      add(
          svg,
          "<line x1='%.0f' y1='%d' x2='%.0f' y2='%d' stroke='%s'/>",
          x(at),
          HEAD - 8,
          x(at),
          height - 20,
          colour);
      add(svg, "<text x='%.0f' y='%d' text-anchor='middle'>%s</text>", x(at), height - 6, name(at));
    }
    int y = HEAD;
    for (Comparison comparison : comparisons) {
      add(svg, "<text x='10' y='%d'>%s</text>", y + BAR, comparison.scenario());
      for (Peer peer : peers) {
        double ratio = comparison.ratio(peer, what);
        double from = Math.min(x(1), x(ratio));
        double width = Math.max(1, Math.abs(x(ratio) - x(1)));
        add(
            svg,
            "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s'><title>%s: %.2f</title></rect>",
            from,
            y,
            width,
            BAR - 1,
            colour(peer),
            peer.title(),
            ratio);
        y += BAR;
      }
      y += GAP;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void add(StringBuilder svg, String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static double x(double ratio) {
    double octaves = Math.log(Math.max(LOWEST, ratio) / LOWEST) / Math.log(2);
    return Math.min(WIDTH - 10, LABEL + octaves * OCTAVE);
  }

  private static String name(double ratio) {
    return ratio < 1 ? "1/" + Math.round(1 / ratio) : String.valueOf(Math.round(ratio));
  }

  static String colour(Peer peer) {
    return COLOURS.get(peer.ordinal());
  }
}
