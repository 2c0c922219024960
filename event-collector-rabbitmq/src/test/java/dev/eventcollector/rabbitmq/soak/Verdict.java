package dev.eventcollector.rabbitmq.soak;

import dev.eventcollector.CollectorState;
import dev.eventcollector.rabbitmq.soak.Arrivals.Arrival;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The result of a soak.
 *
 * <p>Events that the broker refused step aside and lose their place (promise 4): a quorum queue of
 * RabbitMQ 3.10 nacks what comes on a new channel while the node that it asks first is down. Where
 * such a nack is itself lost with the connection, its outcome is unknown, and later events of the
 * same unit may have been taken: these are told apart as overtaken in their unit.
 *
 * <p>A duplicate is a repeated arrival. The broker's own are marked as redelivered: the consumer's
 * acknowledgement was lost. Every other one has to be explained by an unknown outcome of that
 * event.
 */
record Verdict(
    long published,
    long arrived,
    long lost,
    long rolledBack,
    long rolledBackButArrived,
    long outOfOrder,
    long overtakenInUnit,
    long overtakenOnRedelivery,
    long duplicates,
    long redelivered,
    long unexplained,
    List<String> examples) {

  static Verdict of(Load load, List<Arrival> arrivals) {
    List<String> examples = new ArrayList<>();
    Map<String, LinkedHashSet<String>> first = new HashMap<>();
    Map<String, Long> sent = new HashMap<>();
    Set<String> seen = new HashSet<>();
    Set<String> redeliveredAtFirst = new HashSet<>();
    long redelivered = 0;
    long wrong = 0;
    for (Arrival arrival : arrivals) {
      if (seen.add(arrival.body()) && arrival.redelivered()) {
        redeliveredAtFirst.add(arrival.body());
      }
      if (load.rolledBack().contains(arrival.body())) {
        wrong++;
        examples.add("rolled back: " + arrival);
      }
      if (arrival.redelivered() && sent.containsKey(arrival.id())) {
        redelivered++;
      } else {
        sent.merge(arrival.id(), 1L, Long::sum);
      }
      String thread = arrival.body().substring(0, arrival.body().indexOf(' '));
      first
          .computeIfAbsent(thread + " " + arrival.queue(), key -> new LinkedHashSet<>())
          .add(arrival.body());
    }
    long unexplained = 0;
    long duplicates = 0;
    for (Map.Entry<String, Long> one : sent.entrySet()) {
      duplicates += one.getValue() - 1;
      if (one.getValue() - 1 > load.unknownOutcomesOf(one.getKey())) {
        unexplained++;
        examples.add("unexplained duplicate: " + one);
      }
    }
    long published = 0;
    long lost = 0;
    long outOfOrder = 0;
    long overtakenInUnit = 0;
    long overtakenOnRedelivery = 0;
    for (Map.Entry<String, List<String>> one : load.expected().entrySet()) {
      published += one.getValue().size();
      for (String body : one.getValue()) {
        if (!seen.contains(body)) {
          lost++;
          examples.add("lost: " + body + " of " + one.getKey());
        }
      }
      List<String> inPlace = new ArrayList<>(one.getValue());
      inPlace.removeAll(load.steppedAside());
      Set<String> came = first.getOrDefault(one.getKey(), new LinkedHashSet<>());
      List<String> overtaken = overtaken(inPlace, came);
      long inUnit =
          overtaken.stream()
              .filter(load.onceUnknown()::contains)
              .filter(body -> !redeliveredAtFirst.contains(body))
              .filter(body -> !overtaken(withoutUnitOf(body, inPlace), came).contains(body))
              .count();
      long redone = overtaken.stream().filter(redeliveredAtFirst::contains).count();
      overtakenInUnit += inUnit;
      overtakenOnRedelivery += redone;
      outOfOrder += overtaken.size() - inUnit - redone;
      overtaken.forEach(
          body ->
              examples.add(
                  String.format(
                      Locale.ROOT,
                      "overtaken in %s: %s, unknown=%s redelivered=%s",
                      one.getKey(),
                      body,
                      load.onceUnknown().contains(body),
                      redeliveredAtFirst.contains(body))));
    }
    return new Verdict(
        published,
        arrivals.size(),
        lost,
        load.rolledBack().size(),
        wrong,
        outOfOrder,
        overtakenInUnit,
        overtakenOnRedelivery,
        duplicates,
        redelivered,
        unexplained,
        examples.subList(0, Math.min(20, examples.size())));
  }

  /** Those that came, for the first time, after one that was enqueued later. */
  private static List<String> overtaken(List<String> expected, Collection<String> came) {
    Map<String, Integer> places = new HashMap<>();
    expected.forEach(body -> places.put(body, places.size()));
    List<String> overtaken = new ArrayList<>();
    int last = -1;
    for (String body : came) {
      int place = places.getOrDefault(body, -1);
      if (place >= 0 && place < last) {
        overtaken.add(body);
      }
      last = Math.max(last, place);
    }
    return overtaken;
  }

  /** All but the other events of its unit. */
  private static List<String> withoutUnitOf(String body, List<String> bodies) {
    String unit = body.substring(0, body.lastIndexOf(' ') + 1);
    return bodies.stream().filter(one -> one.equals(body) || !one.startsWith(unit)).toList();
  }

  /** One line of figures. */
  String describe(String name, long seed, Load load, CollectorState state, String faults) {
    return String.format(
        Locale.ROOT,
        "%s seed=%d %s units=%d published=%d arrived=%d lost=%d rolled-back=%d"
            + " rolled-back-but-arrived=%d out-of-order=%d overtaken-in-unit=%d overtaken-on-redelivery=%d stepped-aside=%d duplicates=%d unexplained=%d"
            + " redelivered-by-broker=%d no-room=%d confirmed=%d undeliverable=%d owed=%d",
        name,
        seed,
        faults,
        load.units(),
        published,
        arrived,
        lost,
        rolledBack,
        rolledBackButArrived,
        outOfOrder,
        overtakenInUnit,
        overtakenOnRedelivery,
        load.steppedAside().size(),
        duplicates,
        unexplained,
        redelivered,
        load.unitsThatFoundNoRoom(),
        state.confirmed(),
        state.undeliverable(),
        state.owed());
  }
}
