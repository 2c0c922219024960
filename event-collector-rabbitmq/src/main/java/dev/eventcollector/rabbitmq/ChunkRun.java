package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way, until each message has an outcome of its own. A message that makes the
 * broker close the channel, or the connection, affects the others. So messages without an answer
 * are published again, by exchange, by queue and then one by one, until the culprit is alone.
 */
final class ChunkRun {

  /** A message that closes this many connections of its own is to blame. */
  private static final int CONNECTIONS_TO_BLAME = 2;

  private static final String ACCESS_REFUSED = "403 ";
  private static final String NOT_FOUND = "404 ";
  private static final String NO_TIME = "no time was left to send it again; ";

  private final Publishing publishing;
  private final Suspects suspects;
  private final Chunk chunk;
  private final long latestStart;
  private final long deadline;
  private final @Nullable Outcome[] outcomes;

  /**
   * Messages without an answer after the broker closed the channel, or the connection, over one of
   * them.
   */
  private final Deque<int[]> afterChannelError = new ArrayDeque<>();

  private final List<Integer> afterConnectionError = new ArrayList<>();

  /** Missing exchanges, with the broker's words: all of their messages share this outcome. */
  private final Map<String, Outcome> missingExchanges = new HashMap<>();

  ChunkRun(Publishing publishing, Suspects suspects, Chunk chunk, long latestStart, long deadline) {
    this.publishing = publishing;
    this.suspects = suspects;
    this.chunk = chunk;
    this.latestStart = latestStart;
    this.deadline = deadline;
    this.outcomes = new Outcome[chunk.size()];
  }

  List<Outcome> publish() {
    int[] all = IntStream.range(0, chunk.size()).toArray();
    if (suspects.none()) {
      Published published = publishing.publishWithOthers(chunk, latestStart, deadline);
      if (isAllConfirmed(published)) {
        return published.outcomes();
      }
      send(all, published);
      findCulprits();
    } else {
      publishByLanes(all);
    }
    return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
  }

  private boolean isAllConfirmed(Published published) {
    if (published.outcomes().size() < chunk.size()) {
      return false;
    }
    for (Outcome outcome : published.outcomes()) {
      if (!outcome.isConfirmed()) {
        return false;
      }
    }
    return true;
  }

  private void publishByLanes(int[] all) {
    suspects.forgetOld();
    Map<Suspects.Lane, List<Integer>> lanes = new EnumMap<>(Suspects.Lane.class);
    for (int i : all) {
      Suspects.Lane lane = laneOf(i);
      lanes.computeIfAbsent(lane, l -> new ArrayList<>()).add(i);
    }
    send(in(lanes, Suspects.Lane.ORDINARY));
    findCulprits();
    byDestination(in(lanes, Suspects.Lane.ALONE)).forEach(some -> sendOneByOne(some, true));
    findCulprits();
    isolate(in(lanes, Suspects.Lane.ISOLATED));
    byDestination(in(lanes, Suspects.Lane.WAITING)).forEach(this::tryWaiting);
    findCulprits();
  }

  private Suspects.Lane laneOf(int index) {
    return suspects.laneOf(chunk.id(index), chunk.exchange(index), chunk.destination(index));
  }

  private static int[] in(Map<Suspects.Lane, List<Integer>> lanes, Suspects.Lane lane) {
    return toArray(lanes.getOrDefault(lane, List.of()));
  }

  private void send(int[] indexes) {
    int[] rest = withoutMissingExchanges(indexes);
    if (rest.length > 0) {
      send(rest, publishing.publishShared(chunk.select(rest), latestStart, deadline));
    }
  }

  private int[] withoutMissingExchanges(int[] indexes) {
    if (missingExchanges.isEmpty()) {
      return indexes;
    }
    for (int index : indexes) {
      Outcome missing = missingExchanges.get(chunk.exchange(index));
      if (missing != null) {
        outcomes[index] = missing;
      }
    }
    return Arrays.stream(indexes)
        .filter(index -> !missingExchanges.containsKey(chunk.exchange(index)))
        .toArray();
  }

  /** Takes the outcomes of the first messages, and sends the others. */
  private void send(int[] indexes, Published first) {
    Published published = first;
    int[] rest = indexes;
    boolean progressed = true;
    while (true) {
      note(rest, published);
      int done = published.outcomes().size();
      if (done == rest.length) {
        return;
      }
      if (done == 0 && !progressed) {
        setAll(
            rest,
            Outcome.notSent(
                "the channel was closed before anything was sent: " + published.nothingBecause()));
        return;
      }
      progressed = done > 0;
      rest = Arrays.copyOfRange(rest, done, rest.length);
      published = publishing.publishShared(chunk.select(rest), latestStart, deadline);
    }
  }

  /** Takes the outcomes, and records the messages to send again, because one is to blame. */
  private void note(int[] indexes, Published published) {
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < published.outcomes().size(); i++) {
      Outcome outcome = published.outcomes().get(i);
      set(indexes[i], outcome);
      if (outcome.status().isTransportTrouble()) {
        open.add(indexes[i]);
      }
    }
    boolean isAlone = indexes.length == 1 && !published.withOthers();
    int alone = isAlone && published.outcomes().size() == 1 ? indexes[0] : -1;
    switch (published.shutdown()) {
      case NONE -> {}
      case CHANNEL_ERROR -> {
        if (alone >= 0) {
          blame(alone);
        } else if (!open.isEmpty()) {
          afterChannelError.add(toArray(open));
        }
      }
      case CONNECTION_ERROR -> afterConnectionError.addAll(open);
      case LOST -> {
        boolean inTime = deadline - System.nanoTime() > 0;
        if (alone >= 0
            && inTime
            && published.outcomes().get(0).status() == Outcome.Status.UNKNOWN
            && suspects.lostConnection(chunk.id(alone))) {
          afterConnectionError.add(alone);
        }
      }
    }
  }

  private void blame(int index) {
    Outcome outcome = Objects.requireNonNull(outcomes[index]);
    if (outcome.status() == Outcome.Status.REFUSED) {
      if (outcome.reason().startsWith(NOT_FOUND)) {
        suspects.exchangeMissing(chunk.exchange(index));
        missingExchanges.put(chunk.exchange(index), outcome);
      } else if (isForbidden(outcome)) {
        suspects.queueRefused(chunk.destination(index));
      } else {
        suspects.messageRefused(chunk.id(index));
      }
    }
  }

  /** Whether the broker refused the destination, not the message itself. */
  private static boolean isForbidden(Outcome outcome) {
    return outcome.status() == Outcome.Status.REFUSED
        && (outcome.reason().startsWith(ACCESS_REFUSED) || outcome.reason().startsWith(NOT_FOUND));
  }

  private void set(int index, Outcome outcome) {
    if (outcome.status() == Outcome.Status.NOT_SENT && outcomes[index] != null) {
      return; // not sent again, so its earlier outcome stays
    }
    outcomes[index] = outcome;
    if (outcome.isConfirmed()) {
      suspects.confirmed(chunk.id(index), chunk.exchange(index), chunk.destination(index));
    } else if (outcome.status() == Outcome.Status.UNANSWERED) {
      suspects.unanswered(chunk.destination(index));
    }
  }

  private void setAll(int[] indexes, Outcome outcome) {
    for (int index : indexes) {
      outcomes[index] = outcome;
    }
  }

  private void findCulprits() {
    while (!afterChannelError.isEmpty()) {
      int[] open = afterChannelError.remove();
      List<int[]> parts = parts(open);
      if (!timeIsLeft()) {
        setAll(open, Outcome.unanswered(NO_TIME + outcomes[open[0]]));
      } else if (parts.size() == 1) {
        sendOneByOne(open, false);
      } else {
        parts.forEach(this::send);
      }
    }
    int[] open = toArray(afterConnectionError);
    afterConnectionError.clear();
    isolate(open);
  }

  /** By exchange if there are several, else by destination. */
  private List<int[]> parts(int[] open) {
    List<int[]> exchanges = groups(open, chunk::exchange);
    return exchanges.size() > 1 ? exchanges : byDestination(open);
  }

  /** Messages for one destination. If the broker forbids it, one message is enough to find out. */
  private void sendOneByOne(int[] alike, boolean togetherAfterOne) {
    for (int i = 0; i < alike.length; i++) {
      int[] one = {alike[i]};
      int[] others = Arrays.copyOfRange(alike, i + 1, alike.length);
      if (timeIsLeft()) {
        send(one);
      } else {
        setAll(one, Outcome.unanswered(NO_TIME + "it had to be sent alone"));
      }
      Outcome outcome = Objects.requireNonNull(outcomes[one[0]]);
      if (isForbidden(outcome)) {
        setAll(others, outcome);
        return;
      }
      if (outcome.status().isTransportTrouble()) {
        Outcome notSent = Outcome.notSent(outcome.reason());
        Arrays.stream(others).forEach(other -> set(other, notSent));
        return;
      }
      if (outcome.isConfirmed() && togetherAfterOne) {
        send(others);
        return;
      }
    }
  }

  /**
   * For a queue that did not confirm lately: sends one message, and the others if that is
   * confirmed.
   */
  private void tryWaiting(int[] alike) {
    String queue = chunk.destination(alike[0]);
    int[] others = Arrays.copyOfRange(alike, 1, alike.length);
    Outcome notTried =
        Outcome.unanswered("not sent, because " + queue + " has not confirmed lately");
    long nanos = suspects.nanosToTry(queue);
    if (nanos == 0 || !timeIsLeft()) {
      setAll(alike, notTried);
      return;
    }
    int[] one = {alike[0]};
    Published published = publishing.tryShared(chunk.select(one), latestStart, deadline, nanos);
    if (published.outcomes().isEmpty()) {
      setAll(alike, notTried);
      return;
    }
    note(one, published);
    Outcome outcome = published.outcomes().get(0);
    if (outcome.isConfirmed()) {
      send(others);
    } else {
      suspects.stillWaiting(queue);
      setAll(others, outcome.status().isTransportTrouble() ? outcome : notTried);
    }
  }

  /** Sends messages that may close a connection, on a separate connection. */
  private void isolate(int[] indexes) {
    if (indexes.length == 0) {
      return;
    }
    if (!timeIsLeft() || !publishing.beginIsolation(latestStart)) {
      for (int index : indexes) {
        if (outcomes[index] == null) {
          outcomes[index] = Outcome.unanswered(NO_TIME + "it closed a connection before");
        }
      }
      return;
    }
    try {
      for (int[] alike : byDestination(indexes)) {
        if (alike.length > 1) {
          noteIsolated(alike);
        }
        for (int index : alike) {
          if (outcomes[index] == null || outcomes[index].status().isTransportTrouble()) {
            isolateOne(index);
          }
        }
      }
    } finally {
      publishing.endIsolation();
    }
  }

  private ShutdownKind noteIsolated(int[] indexes) {
    Published published = publishing.publishIsolated(chunk.select(indexes), latestStart, deadline);
    for (int i = 0; i < published.outcomes().size(); i++) {
      set(indexes[i], published.outcomes().get(i));
    }
    return published.shutdown();
  }

  private void isolateOne(int index) {
    String id = chunk.id(index);
    boolean known = laneOf(index) == Suspects.Lane.ISOLATED;
    int closed = known ? CONNECTIONS_TO_BLAME - 1 : 0;
    for (int tries = 0; tries <= CONNECTIONS_TO_BLAME && timeIsLeft(); tries++) {
      ShutdownKind shutdown = noteIsolated(new int[] {index});
      Outcome outcome = outcomes[index];
      if (outcome != null && !outcome.status().isTransportTrouble()) {
        return;
      }
      if (shutdown == ShutdownKind.CONNECTION_ERROR
          || (shutdown == ShutdownKind.LOST && suspects.hasLostConnections(id))) {
        closed++;
      }
      if (outcome != null && closed >= CONNECTIONS_TO_BLAME) {
        suspects.closesConnections(id);
        outcomes[index] =
            Outcome.refused("the broker closes each connection over it: " + outcome.reason());
        return;
      }
    }
    if (outcomes[index] == null) {
      outcomes[index] = Outcome.notSent("no connection of its own could be used");
    }
  }

  private List<int[]> byDestination(int[] indexes) {
    return groups(indexes, chunk::destination);
  }

  /** In the order of each group's first message; the order within a group stays. */
  private static List<int[]> groups(int[] indexes, IntFunction<String> by) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int index : indexes) {
      groups.computeIfAbsent(by.apply(index), q -> new ArrayList<>()).add(index);
    }
    return groups.values().stream().map(ChunkRun::toArray).toList();
  }

  private static int[] toArray(List<Integer> indexes) {
    return indexes.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean timeIsLeft() {
    return latestStart - System.nanoTime() > 0 && !Thread.currentThread().isInterrupted();
  }
}
