package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bars of ratios, a group for each case, with a line at 1. The axis is logarithmic. */
final class RatioChart {

  /** Has one bar in each group. */
  record Series(String title, String colour) {}

  private record Group(String label, List<Double> ratios) {}

  private static final int LABEL = 300;
  private static final int WIDTH = 900;
  private static final int BAR = 11;
  private static final int GAP = 12;
  private static final int LEGEND = 41;
  private static final int LINE = 16;
  private static final double OCTAVE = 75;
  private static final double LOWEST = 0.125;

  private final String heading;
  private final List<Series> series;
  private final List<Group> groups = new ArrayList<>();
  private final StringBuilder svg = new StringBuilder();

  RatioChart(String heading, List<Series> series) {
    this.heading = heading;
    this.series = List.copyOf(series);
  }

  /** A group; a ratio that is not a number has no bar. */
  void add(String label, List<Double> ratios) {
    groups.add(new Group(label, List.copyOf(ratios)));
  }

  @Override
  public String toString() {
    svg.setLength(0);
    int head = LEGEND + LINE * legendLines() + 8;
    int height = head + groups.stream().mapToInt(RatioChart::height).sum() + 30;
    line(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='11'>",
        WIDTH, height);
    line("<rect width='100%%' height='100%%' fill='white'/>");
    line("<text x='10' y='20' font-size='15'>%s</text>", heading);
    legend();
    axis(head, height);
    int y = head;
    for (Group group : groups) {
      bars(group, y);
      y += height(group);
    }
    return svg.append("</svg>\n").toString();
  }

  private static int height(Group group) {
    return (int) group.ratios().stream().filter(Double::isFinite).count() * BAR + GAP;
  }

  private static int width(Series one) {
    return 30 + 7 * one.title().length();
  }

  private int legendLines() {
    int lines = 1;
    int x = 10;
    for (Series one : series) {
      if (x + width(one) > WIDTH) {
        lines++;
        x = 10;
      }
      x += width(one);
    }
    return lines;
  }

  private void legend() {
    int x = 10;
    int y = LEGEND;
    for (Series one : series) {
      if (x + width(one) > WIDTH) {
        x = 10;
        y += LINE;
      }
      line("<rect x='%d' y='%d' width='10' height='10' fill='%s'/>", x, y - 9, one.colour());
      line("<text x='%d' y='%d'>%s</text>", x + 14, y, one.title());
      x += width(one);
    }
  }

  private void axis(int head, int height) {
    for (double at = LOWEST; x(at) < WIDTH - 20; at *= 2) {
      line(
          "<line x1='%.0f' y1='%d' x2='%.0f' y2='%d' stroke='%s'/>",
          x(at), head - 8, x(at), height - 20, at == 1 ? "#000" : "#ddd");
      line("<text x='%.0f' y='%d' text-anchor='middle'>%s</text>", x(at), height - 6, name(at));
    }
  }

  private void bars(Group group, int top) {
    int y = top;
    line("<text x='10' y='%d'>%s</text>", y + BAR, group.label());
    for (int i = 0; i < series.size(); i++) {
      double ratio = group.ratios().get(i);
      if (Double.isFinite(ratio)) {
        line(
            "<rect x='%.1f' y='%d' width='%.1f' height='%d' fill='%s'><title>%s: %.2f</title></rect>",
            Math.min(x(1), x(ratio)),
            y,
            Math.max(1, Math.abs(x(ratio) - x(1))),
            BAR - 1,
            series.get(i).colour(),
            series.get(i).title(),
            ratio);
        y += BAR;
      }
    }
  }

  private void line(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static double x(double ratio) {
    double octaves = Math.log(Math.max(LOWEST, ratio) / LOWEST) / Math.log(2);
    return Math.min(WIDTH - 10, LABEL + octaves * OCTAVE);
  }

  private static String name(double ratio) {
    return ratio < 1 ? "1/" + Math.round(1 / ratio) : String.valueOf(Math.round(ratio));
  }
}
