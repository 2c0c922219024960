package dev.eventcollector.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of all rounds of one scenario. Each round had every peer in it. */
final class Comparison {

  private final Scenario scenario;
  private final List<Map<Peer, Figures>> rounds = new ArrayList<>();

  Comparison(Scenario scenario) {
    this.scenario = scenario;
  }

  Scenario scenario() {
    return scenario;
  }

  void add(Map<Peer, Figures> round) {
    rounds.add(new EnumMap<>(round));
  }

  /** The median of the rounds. */
  double median(Peer peer, ToDoubleFunction<Figures> what) {
    return medianOf(rounds.stream().mapToDouble(r -> of(r, peer, what)).sorted().toArray());
  }

  /** The median of what each round gave in relation to the hand-written client in that round. */
  double ratio(Peer peer, ToDoubleFunction<Figures> what) {
    return medianOf(
        rounds.stream()
            .mapToDouble(r -> of(r, peer, what) / of(r, Peer.HAND_WRITTEN, what))
            .sorted()
            .toArray());
  }

  private static double of(Map<Peer, Figures> round, Peer peer, ToDoubleFunction<Figures> what) {
    Figures figures = round.get(peer);
    if (figures == null) {
      throw new IllegalArgumentException(peer + " took no part");
    }
    return what.applyAsDouble(figures);
  }

  private static double medianOf(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
