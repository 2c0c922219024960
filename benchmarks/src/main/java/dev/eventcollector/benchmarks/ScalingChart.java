package dev.eventcollector.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * How the CPU time of an event grows with one thing while the others stay: a panel for each, with a
 * line for the hand-written client and one for ours. Both axes are logarithmic.
 */
final class ScalingChart {

  private static final int WIDTH = 900;
  private static final int PANEL_WIDTH = 215;
  private static final int LEFT = 40;
  private static final int TOP = 80;
  private static final int BOTTOM = 280;
  private static final int PLOT_WIDTH = 150;
  private static final double LOWEST = 0.5;
  private static final double HIGHEST = 256;

  private final StringBuilder svg = new StringBuilder();

  private ScalingChart() {}

  static void write(Path folder, List<Comparison> comparisons) throws IOException {
    Files.writeString(folder.resolve("publish-scaling.svg"), new ScalingChart().draw(comparisons));
  }

  private String draw(List<Comparison> comparisons) {
    add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d 320' font-family='sans-serif'"
            + " font-size='11'>",
        WIDTH);
    add("<rect width='100%%' height='100%%' fill='white'/>");
    add("<text x='10' y='20' font-size='15'>CPU per event, us (less is better)</text>");
    legend(Peer.HAND_WRITTEN, 10);
    legend(Peer.EVENT_COLLECTOR, 200);
    Scenario base = Scenario.plain(100, 1);
    panel(0, "events in a chunk, 1 thread", comparisons, Scenario::chunk, Scenario.plain(0, 1));
    panel(1, "threads, chunk 100", comparisons, Scenario::threads, Scenario.plain(100, 0));
    panel(2, "bytes, chunk 100, 1 thread", comparisons, Scenario::bytes, base.withBytes(0));
    panel(3, "queues, chunk 100, 1 thread", comparisons, Scenario::queues, base.toQueues(0));
    return svg.append("</svg>\n").toString();
  }

  private void legend(Peer peer, int x) {
    add("<rect x='%d' y='32' width='10' height='10' fill='%s'/>", x, PublishCharts.colour(peer));
    add("<text x='%d' y='41'>%s</text>", x + 14, peer.title());
  }

  /** With the scenarios that are like the given one but for what grows, which is 0 in it. */
  private void panel(
      int position,
      String title,
      List<Comparison> all,
      ToIntFunction<Scenario> grows,
      Scenario rest) {
    List<Comparison> comparisons =
        all.stream()
            .filter(one -> without(one.scenario(), rest).equals(rest))
            .sorted(Comparator.comparingInt(one -> grows.applyAsInt(one.scenario())))
            .toList();
    if (comparisons.isEmpty()) {
      return;
    }
    int left = position * PANEL_WIDTH + LEFT;
    add("<text x='%d' y='%d' font-weight='bold'>%s</text>", left, TOP - 14, title);
    for (double at = LOWEST; at <= HIGHEST; at *= 8) {
      add(
          "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' stroke='#ddd'/>",
          left, y(at), left + PLOT_WIDTH, y(at));
      add("<text x='%d' y='%.1f' text-anchor='end'>%s</text>", left - 5, y(at) + 4, number(at));
    }
    double first = grows.applyAsInt(comparisons.get(0).scenario());
    double last = grows.applyAsInt(comparisons.get(comparisons.size() - 1).scenario());
    for (Peer peer : List.of(Peer.HAND_WRITTEN, Peer.EVENT_COLLECTOR)) {
      StringBuilder points = new StringBuilder();
      for (Comparison one : comparisons) {
        double value = grows.applyAsInt(one.scenario());
        double share = last == first ? 0 : Math.log(value / first) / Math.log(last / first);
        double x = left + share * PLOT_WIDTH;
        double cpu = one.median(peer, Figures::cpuMicros);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(cpu)));
        add(
            "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'><title>%s: %.2f us</title></circle>",
            x, y(cpu), PublishCharts.colour(peer), peer.title(), cpu);
        if (peer == Peer.EVENT_COLLECTOR) {
          add("<text x='%.1f' y='%d' text-anchor='middle'>%,d</text>", x, BOTTOM + 18, (int) value);
        }
      }
      add(
          "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>",
          points.toString().strip(), PublishCharts.colour(peer));
    }
  }

  private static Scenario without(Scenario scenario, Scenario rest) {
    return new Scenario(
        rest.chunk() == 0 ? 0 : scenario.chunk(),
        rest.threads() == 0 ? 0 : scenario.threads(),
        rest.bytes() == 0 ? 0 : scenario.bytes(),
        rest.queues() == 0 ? 0 : scenario.queues(),
        scenario.quorum(),
        scenario.tls());
  }

  private static double y(double cpu) {
    double share = Math.log(cpu / LOWEST) / Math.log(HIGHEST / LOWEST);
    return BOTTOM - Math.min(1, Math.max(0, share)) * (BOTTOM - TOP);
  }

  private static String number(double value) {
    return value < 1 ? String.valueOf(value) : String.valueOf(Math.round(value));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
