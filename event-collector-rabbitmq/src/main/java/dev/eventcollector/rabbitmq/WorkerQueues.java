package dev.eventcollector.rabbitmq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the names of a worker's queues, and that no delivery could circulate in them. */
final class WorkerQueues {

  private static final Duration MIN_DELAY = Duration.ofMillis(1);
  private static final Duration MAX_DELAY = Duration.ofMinutes(20);

  private WorkerQueues() {}

  static void check(
      @Nullable String queue,
      @Nullable String deadQueue,
      List<Duration> retryDelays,
      List<String> problems) {
    List<Duration> possible = new ArrayList<>();
    for (Duration delay : retryDelays) {
      if (delay.compareTo(MIN_DELAY) < 0 || delay.compareTo(MAX_DELAY) > 0) {
        problems.add("retryDelays must be from 1 ms to 20 minutes, but one is " + delay);
      } else {
        possible.add(delay);
      }
    }
    if (queue == null || queue.isBlank()) {
      problems.add("queue must be set");
      return;
    }
    Set<String> retryQueues = new HashSet<>();
    for (Duration delay : possible) {
      retryQueues.add(RetryQueues.delayQueue(queue, delay));
    }
    String dead = deadQueue == null ? queue + ".dead" : deadQueue;
    Names.check("queue", queue, problems);
    Names.check("deadQueue", dead, problems);
    retryQueues.forEach(name -> Names.check("the queue of a retry delay", name, problems));
    if (dead.equals(queue)) {
      problems.add("deadQueue must differ from queue, else dead deliveries come again for ever");
    }
    if (retryQueues.contains(dead)) {
      problems.add("deadQueue must differ from the retry queues, but is " + dead);
    }
  }
}
