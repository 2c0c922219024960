package dev.eventcollector.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An asserted event, and the number of events that it covers. */
record Expectation(ExpectedEvent event, int most) {

  /**
   * Finds an expectation for as many candidates as possible: a broad expectation leaves a candidate
   * to a narrow one that can explain no other (augmenting paths in the bipartite graph of both).
   *
   * @return for each candidate the index of its expectation, or -1
   */
  static int[] assign(List<Expectation> expectations, List<Candidate> candidates) {
    List<List<Integer>> possible = new ArrayList<>();
    for (Candidate candidate : candidates) {
      List<Integer> matching = new ArrayList<>();
      for (int i = 0; i < expectations.size(); i++) {
        if (expectations.get(i).event().matches(candidate)) {
          matching.add(i);
        }
      }
      possible.add(matching);
    }
    int[] assigned = new int[candidates.size()];
    Arrays.fill(assigned, -1);
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      place(candidate, possible, expectations, assigned, new boolean[expectations.size()]);
    }
    return assigned;
  }

  private static boolean place(
      int candidate,
      List<List<Integer>> possible,
      List<Expectation> expectations,
      int[] assigned,
      boolean[] visited) {
    for (int expectation : possible.get(candidate)) {
      if (visited[expectation]) {
        continue;
      }
      visited[expectation] = true;
      List<Integer> holders = holders(expectation, assigned);
      boolean free = holders.size() < expectations.get(expectation).most();
      if (free
          || holders.stream()
              .anyMatch(holder -> place(holder, possible, expectations, assigned, visited))) {
        assigned[candidate] = expectation;
        return true;
      }
    }
    return false;
  }

  private static List<Integer> holders(int expectation, int[] assigned) {
    List<Integer> holders = new ArrayList<>();
    for (int candidate = 0; candidate < assigned.length; candidate++) {
      if (assigned[candidate] == expectation) {
        holders.add(candidate);
      }
    }
    return holders;
  }
}
