package dev.eventcollector.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Draws the ratios in the tables that a benchmark wrote: in brackets, in the first column (rates)
 * and the second (CPU). The row without them, the hand-written one, is the line at 1.
 */
final class TableCharts {

  private static final Pattern TITLE = Pattern.compile("\\*\\*(.+)\\*\\*");
  private static final Pattern RATIO = Pattern.compile("\\((\\d+\\.\\d+)\\)");
  private static final List<String> COLOURS =
      List.of("#0b6e4f", "#7fb069", "#c9a227", "#b5533c", "#5b5f97", "#5a3d2b", "#8a8a8a");

  private TableCharts() {}

  /** Draws the charts of {@code worker.md} and {@code outbox.md} in a folder anew. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args.length == 0 ? "docs/benchmarks" : args[0]);
    for (String name : List.of("worker", "outbox")) {
      if (Files.exists(folder.resolve(name + ".md"))) {
        draw(folder, name);
      }
    }
  }

  static void draw(Path folder, String name) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name + ".md"));
    Files.writeString(
        folder.resolve(name + "-rate.svg"),
        chart("rate (more is better), hand-written = 1", lines, 2));
    Files.writeString(
        folder.resolve(name + "-cpu.svg"),
        chart("CPU (less is better), hand-written = 1", lines, 3));
  }

  private static String chart(String heading, List<String> lines, int column) {
    Map<String, Map<String, Double>> tables = ratios(lines, column);
    List<String> names =
        tables.values().stream().flatMap(table -> table.keySet().stream()).distinct().toList();
    List<RatioChart.Series> series = new ArrayList<>();
    for (String name : names) {
      series.add(new RatioChart.Series(name, COLOURS.get(series.size() % COLOURS.size())));
    }
    RatioChart chart = new RatioChart(heading, series);
    tables.forEach(
        (title, table) ->
            chart.add(
                title, names.stream().map(name -> table.getOrDefault(name, Double.NaN)).toList()));
    return chart.toString();
  }

  private static Map<String, Map<String, Double>> ratios(List<String> lines, int column) {
    Map<String, Map<String, Double>> tables = new LinkedHashMap<>();
    String title = "";
    for (String line : lines) {
      Matcher isTitle = TITLE.matcher(line);
      if (isTitle.matches()) {
        title = isTitle.group(1);
      }
      String[] cells = line.split("\\s*\\|\\s*", -1);
      Matcher ratio = RATIO.matcher(cells.length > column ? cells[column] : "");
      if (ratio.find()) {
        tables
            .computeIfAbsent(title, key -> new LinkedHashMap<>())
            .put(cells[1], Double.valueOf(ratio.group(1)));
      }
    }
    return tables;
  }
}
