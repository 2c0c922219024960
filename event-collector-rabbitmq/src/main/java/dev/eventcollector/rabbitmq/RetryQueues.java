package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import dev.eventcollector.internal.SafeLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues in which failed deliveries wait for their next attempt, or are parked in the end.
 *
 * <p>There is one queue for each delay, so that the first in it is always the first to be due. The
 * worker itself moves due messages back, with a confirm and then an acknowledgement. The broker's
 * own way, a time-to-live with dead-lettering, can lose messages (RabbitMQ documentation, "Dead
 * Letter Exchanges", safety) and needs broker-specific queue arguments. All state is in the
 * messages, so it survives a restart of either side.
 */
final class RetryQueues {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  private final WorkerSettings settings;
  private final ConfirmedMoves moves;
  private final Background background;
  private final Map<String, RetryQueue> queues = new LinkedHashMap<>();
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();
  private volatile @Nullable OpenConnection connection;
  private volatile @Nullable String deadQueueTrouble = "the dead-letter queue is not looked up yet";

  RetryQueues(
      WorkerSettings settings, ConfirmedMoves moves, Background background, Watchdog watchdog) {
    this.settings = settings;
    this.moves = moves;
    this.background = background;
    for (Duration delay : settings.retryDelays()) {
      queues.computeIfAbsent(
          queueOf(delay),
          name ->
              new RetryQueue(
                  name, delay, settings, this::move, this::ensure, background, watchdog));
    }
  }

  static String delayQueue(String queue, Duration delay) {
    long seconds = delay.toSeconds();
    return delay.toMillis() % 1_000 == 0
        ? queue + ".retry." + seconds + "s"
        : queue + ".retry." + delay.toMillis() + "ms";
  }

  String queueOf(Duration delay) {
    return delayQueue(settings.queue(), delay);
  }

  /** The delay before the next attempt; null if there is none. */
  @Nullable Duration delayAfter(int attempt) {
    List<Duration> delays = settings.retryDelays();
    return attempt >= 1 && attempt <= delays.size() ? delays.get(attempt - 1) : null;
  }

  /**
   * Moves messages; the outcomes are in their order. Declares a missing queue of ours for the next
   * try.
   */
  List<Outcome> move(List<Move> wanted) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<Outcome> outcomes;
    try {
      outcomes = moves.move(wanted);
    } catch (RuntimeException | Error e) {
      return Collections.nCopies(wanted.size(), Outcome.unknown(Described.of(e)));
    }
    for (int i = 0; i < wanted.size(); i++) {
      String queue = wanted.get(i).queue();
      if (outcomes.get(i).status() == Outcome.Status.RETURNED
          && (queue.equals(settings.deadQueue()) || queues.containsKey(queue))) {
        declareAgain(queue);
      }
    }
    return outcomes;
  }

  private void declareAgain(String queue) {
    OpenConnection open = connection;
    if (open == null) {
      return;
    }
    try {
      ensure(open, queue);
    } catch (IOException | RuntimeException e) {
      LOGGER.warn("{} is missing and cannot be declared: {}", queue, Reasons.of(e));
    }
  }

  /** Ensures that the queue exists; logs once how it could lose messages. */
  private void ensure(OpenConnection open, String queue) throws IOException {
    String risk = Topology.ensureHoldingQueue(open.connection(), queue);
    if (risk != null && warnedOf.add(queue)) {
      LOGGER.warn("{}", risk);
    }
  }

  /** Ensures that all queues exist, and begins to move due messages back. */
  void open(OpenConnection open) {
    connection = open;
    lookUpDeadQueue(open, 0);
    queues.values().forEach(queue -> queue.open(open));
  }

  private void lookUpDeadQueue(OpenConnection open, int failures) {
    if (connection != open) {
      return;
    }
    try {
      ensure(open, settings.deadQueue());
      deadQueueTrouble = null;
    } catch (IOException | RuntimeException e) {
      String trouble = settings.deadQueue() + " cannot be used: " + Reasons.of(e);
      deadQueueTrouble = trouble;
      if (open.connection().isOpen()) { // else the lost connection is handled and reported
        background.later(RetryQueue.pause(failures), () -> lookUpDeadQueue(open, failures + 1));
        if (failures == 0) {
          SafeLog.withoutThrowable(
              () -> LOGGER.warn("{}. Deliveries that would be parked there are held", trouble));
        }
      }
    }
  }

  /** Why deliveries cannot wait or be parked; null if they can. */
  @Nullable String trouble() {
    List<String> troubles = new ArrayList<>();
    add(deadQueueTrouble, troubles);
    queues.values().forEach(queue -> add(queue.trouble(), troubles));
    return troubles.isEmpty() ? null : String.join("; ", troubles);
  }

  private static void add(@Nullable String trouble, Collection<String> to) {
    if (trouble != null) {
      to.add(trouble);
    }
  }

  /** Moves no more back; waits until moves in progress are done, or the deadline has passed. */
  void stop(long deadline) {
    try {
      for (RetryQueue queue : queues.values()) {
        queue.close(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    moves.close();
  }
}
