package dev.eventcollector.rabbitmq;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the names of a worker's queues, and that no delivery could go round in them. */
final class WorkerQueues {

  private static final int NAME_BYTES = 255;
  private static final Duration MIN_DELAY = Duration.ofMillis(1);
  private static final Duration MAX_DELAY = Duration.ofMinutes(20);

  private WorkerQueues() {}

  static void check(
      @Nullable String queue,
      @Nullable String deadQueue,
      List<Duration> retryDelays,
      List<String> problems) {
    for (Duration delay : retryDelays) {
      if (delay.compareTo(MIN_DELAY) < 0 || delay.compareTo(MAX_DELAY) > 0) {
        problems.add("retryDelays must be from 1 ms to 20 minutes, but one is " + delay);
        return;
      }
    }
    if (queue == null || queue.isBlank()) {
      problems.add("queue must be set");
      return;
    }
    Set<String> retryQueues = new HashSet<>();
    for (Duration delay : retryDelays) {
      retryQueues.add(RetryQueues.delayQueue(queue, delay));
    }
    String dead = deadQueue == null ? queue + ".dead" : deadQueue;
    checkName("queue", queue, problems);
    checkName("deadQueue", dead, problems);
    retryQueues.forEach(name -> checkName("queue of a retry delay", name, problems));
    if (dead.equals(queue)) {
      problems.add("deadQueue must differ from queue, else dead deliveries come again for ever");
    }
    if (retryQueues.contains(dead)) {
      problems.add("deadQueue must differ from the retry queues, but is " + dead);
    }
  }

  private static void checkName(String what, String name, List<String> problems) {
    if (name.isBlank()) {
      problems.add(what + " must not be blank");
      return;
    }
    try {
      int bytes = StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(name)).limit();
      if (bytes > NAME_BYTES) {
        problems.add(
            "%s has %d bytes in UTF-8, but AMQP allows %d: %s"
                .formatted(what, bytes, NAME_BYTES, name));
      }
    } catch (CharacterCodingException e) {
      problems.add(what + " cannot be encoded in UTF-8: it has half a surrogate pair");
    }
  }
}
