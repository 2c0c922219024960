package dev.eventcollector.examples.webhooks.workflows;

import java.util.ArrayList;
import java.util.List;

/** Collects findings about a file: the first ones in words, the others as a number. */
final class Problems {

  private static final int MAX_WORDED = 10;
  private static final int MAX_CHARACTERS = 200;

  private final List<String> worded = new ArrayList<>();
  private int total;

  void add(String problem) {
    total++;
    if (worded.size() < MAX_WORDED) {
      worded.add(
          problem.length() > MAX_CHARACTERS
              ? problem.substring(0, MAX_CHARACTERS) + "..."
              : problem);
    }
  }

  boolean isEmpty() {
    return total == 0;
  }

  List<String> list() {
    List<String> all = new ArrayList<>(worded);
    if (total > worded.size()) {
      all.add("and " + (total - worded.size()) + " more");
    }
    return List.copyOf(all);
  }
}
