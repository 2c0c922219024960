package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The broker's answers to one chunk. The connection's reader thread fills it; the publishing thread
 * awaits it.
 *
 * <p>RabbitMQ acknowledges a message that it has returned, after the return, so a return outweighs
 * the acknowledgement. (RabbitMQ documentation, "Consumer Acknowledgements and Publisher Confirms",
 * section on when messages are confirmed.)
 */
final class ChunkConfirms {

  /** Broker-J, the testkit's embedded broker, nacks a message before it returns it. */
  private static final String NACKED =
      "the broker took no responsibility; the queue may be full, or missing where it is Broker-J";

  private record Key(@Nullable String id, String exchange, String routingKey) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition complete = lock.newCondition();
  private final Chunk chunk;
  private final long firstTag;
  private final @Nullable Outcome[] outcomes;
  private final @Nullable String[] returned;
  private @Nullable Map<Key, List<Integer>> indexes;
  private @Nullable String strayReturn;
  private boolean nacked;
  private int lowestOpen;
  private int expected;
  private int open;
  private @Nullable String shutdownReason;
  private ShutdownKind shutdownKind = ShutdownKind.NONE;

  ChunkConfirms(Chunk chunk, long firstTag) {
    this.chunk = chunk;
    this.firstTag = firstTag;
    this.outcomes = new Outcome[chunk.size()];
    this.returned = new String[chunk.size()];
    this.expected = chunk.size();
    this.open = chunk.size();
  }

  int size() {
    return chunk.size();
  }

  void acked(long tag, boolean multiple) {
    answered(tag, multiple, Outcome.confirmed());
  }

  void nacked(long tag, boolean multiple) {
    answered(tag, multiple, Outcome.nacked(NACKED));
  }

  private void answered(long tag, boolean multiple, Outcome outcome) {
    lock.lock();
    try {
      long last = tag - firstTag;
      for (long i = multiple ? lowestOpen : last; i <= Math.min(last, chunk.size() - 1); i++) {
        if (i >= 0) { // otherwise it answers an earlier chunk (trap 6)
          settle((int) i, outcome);
        }
      }
      while (lowestOpen < chunk.size() && outcomes[lowestOpen] != null) {
        lowestOpen++;
      }
      if (open == 0) {
        complete.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(int index, Outcome outcome) {
    if (outcomes[index] == null) {
      String reason = returned[index];
      if (reason != null) {
        outcomes[index] = cameBack(index, reason);
      } else if (strayReturn != null && outcome.isConfirmed()) {
        outcomes[index] = afterStrayReturn(strayReturn);
      } else {
        outcomes[index] = outcome;
        nacked |= outcome.status() == Outcome.Status.NACKED;
      }
      if (index < expected) {
        open--;
      }
    }
  }

  private Outcome cameBack(int index, String reason) {
    return chunk.isMandatory(index) ? Outcome.returned(reason) : Outcome.unrouted(reason);
  }

  /** The acknowledgement may belong to the returned message. */
  private Outcome afterStrayReturn(String reason) {
    return chunk.size() == 1 ? Outcome.returned(reason) : Outcome.unknown(reason);
  }

  /** Records a returned message. False if the chunk has no such message. */
  boolean returned(@Nullable String messageId, String exchange, String routingKey, String reason) {
    lock.lock();
    try {
      List<Integer> found = indexes().get(new Key(messageId, exchange, routingKey));
      if (found == null) {
        return false;
      }
      found.forEach(i -> returned[i] = reason);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the broker nacked some messages, so that it may still return them. */
  boolean hasNacked() {
    lock.lock();
    try {
      return nacked;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looked up by id, exchange and routing key, since a return carries no tag. Most chunks never
   * need it.
   */
  private Map<Key, List<Integer>> indexes() {
    Map<Key, List<Integer>> known = indexes;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 0; i < chunk.size(); i++) {
        Key key = new Key(chunk.id(i), chunk.exchange(i), chunk.routingKey(i));
        known.computeIfAbsent(key, k -> new ArrayList<>(1)).add(i);
      }
      indexes = known;
    }
    return known;
  }

  /**
   * Records a returned message that matches none of the chunk: messages without an answer must not
   * count as confirmed.
   */
  void returnedUnrecognized(@Nullable String messageId, String routingKey, String reason) {
    lock.lock();
    try {
      strayReturn =
          String.format(
              Locale.ROOT,
              "%s for a message with id %s and routing key %s, which was not sent like that",
              reason,
              messageId,
              routingKey);
    } finally {
      lock.unlock();
    }
  }

  /** No more answers will come. */
  void shutDown(String reason, ShutdownKind kind) {
    lock.lock();
    try {
      shutdownReason = reason;
      shutdownKind = kind;
      complete.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Only this many messages were sent, so the others will get no answer. */
  void sentOnly(int count) {
    lock.lock();
    try {
      expected = count;
      open = 0;
      for (int i = 0; i < count; i++) {
        if (outcomes[i] == null) {
          open++;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for all answers; false if some are missing. */
  boolean await(long deadline) throws InterruptedException {
    lock.lock();
    try {
      while (open > 0 && shutdownReason == null) {
        long remaining = deadline - System.nanoTime();
        if (remaining <= 0) {
          return false;
        }
        complete.awaitNanos(remaining);
      }
      return open == 0;
    } finally {
      lock.unlock();
    }
  }

  /** How the channel was shut down, if it was. */
  ShutdownKind shutdownKind() {
    lock.lock();
    try {
      return shutdownKind;
    } finally {
      lock.unlock();
    }
  }

  /** Why the channel is gone; the given reason while it is open. */
  String shutdownReasonOr(String otherwise) {
    lock.lock();
    try {
      return shutdownReason == null ? otherwise : shutdownReason;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The outcomes of the first messages; the given one for a message without an answer.
   *
   * <p>When the broker closed the channel (and not the connection) over a chunk of one, that
   * message was the reason.
   */
  List<Outcome> outcomes(int count, Outcome withoutAnswer) {
    lock.lock();
    try {
      Outcome open = withoutAnswer;
      if (shutdownKind == ShutdownKind.CHANNEL_ERROR && chunk.size() == 1) {
        open = Outcome.refused(String.valueOf(shutdownReason));
      }
      List<Outcome> result = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        Outcome outcome = outcomes[i];
        String reason = returned[i];
        result.add(outcome != null ? outcome : reason != null ? cameBack(i, reason) : open);
      }
      return result;
    } finally {
      lock.unlock();
    }
  }
}
