package dev.eventcollector.rabbitmq;

import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The broker's answers to one chunk. Filled by the connection's reader thread, awaited by the
 * thread that publishes.
 *
 * <p>RabbitMQ acknowledges a message that it has returned, after the return, so a return outweighs
 * the acknowledgement. (RabbitMQ documentation, "Consumer Acknowledgements and Publisher Confirms",
 * section on when messages are confirmed.)
 */
final class ChunkConfirms {

  /** Broker-J, the embedded one of the testkit, nacks first what it then returns. */
  private static final String NACKED =
      "the broker took no responsibility; the queue may be full, or missing where it is Broker-J";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition complete = lock.newCondition();
  private final List<Event> chunk;
  private final long firstTag;
  private final @Nullable Outcome[] outcomes;
  private final @Nullable String[] returned;
  private int lowestOpen;
  private int expected;
  private int open;
  private @Nullable String shutdownReason;
  private boolean channelError;

  ChunkConfirms(List<Event> chunk, long firstTag) {
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
        if (i >= 0) { // else it answers an earlier chunk (trap 6)
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
      outcomes[index] = reason == null ? outcome : Outcome.returned(reason);
      if (index < expected) {
        open--;
      }
    }
  }

  void returned(@Nullable String messageId, String queue, String reason) {
    lock.lock();
    try {
      for (int i = lowestOpen; i < chunk.size(); i++) {
        Event event = chunk.get(i);
        if (event.id().equals(messageId) && event.queue().equals(queue)) {
          returned[i] = reason;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will be answered. */
  void shutDown(String reason, boolean channelErrorByBroker) {
    lock.lock();
    try {
      shutdownReason = reason;
      channelError = channelErrorByBroker;
      complete.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From the given event on nothing was sent, so no answer is to be waited for. */
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

  /** Waits for all answers; false when not all have come. */
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

  boolean isShutDown() {
    lock.lock();
    try {
      return shutdownReason != null;
    } finally {
      lock.unlock();
    }
  }

  /** Why the channel is gone; the given reason while it is not. */
  String shutdownReasonOr(String otherwise) {
    lock.lock();
    try {
      return shutdownReason == null ? otherwise : shutdownReason;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The outcomes of the first events, the given one where no answer has come.
   *
   * <p>When the broker closed the channel (and not the connection) over a chunk of one, that event
   * was the reason.
   */
  List<Outcome> outcomes(int count, Outcome withoutAnswer) {
    lock.lock();
    try {
      Outcome open = withoutAnswer;
      if (channelError && chunk.size() == 1) {
        open = Outcome.refused(String.valueOf(shutdownReason));
      }
      List<Outcome> result = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        Outcome outcome = outcomes[i];
        String reason = returned[i];
        result.add(outcome != null ? outcome : reason != null ? Outcome.returned(reason) : open);
      }
      return result;
    } finally {
      lock.unlock();
    }
  }
}
