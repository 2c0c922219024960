package dev.eventcollector.rabbitmq;

import dev.eventcollector.Outcome;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A chunk, and the thread with it, that waits until it has a turn or was published together with
 * others.
 */
final class WaitingChunk {

  /** A chunk that goes with others must not make them wait. */
  private static final int MOST_EVENTS = 16;

  private static final long MOST_BYTES = 64 * 1024;

  /** Companions share the earliest deadline, so that each may lose this part of its time. */
  private static final int PART_OF_TIME = 8;

  /** The result of chunks that go together may reach its threads this much after the deadline. */
  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  final Chunk chunk;
  final long latestStart;
  final long deadline;
  private final long apart;
  private final long bytes;
  private final @Nullable String queue;
  private final CompletableFuture<@Nullable Published> ready = new CompletableFuture<>();

  /**
   * A chunk that waits from now on.
   *
   * @param queue from {@link #soleQueue}, if it may go with others; else null
   */
  WaitingChunk(Chunk chunk, long latestStart, long deadline, @Nullable String queue) {
    this.chunk = chunk;
    this.latestStart = latestStart;
    this.deadline = deadline;
    this.apart = (deadline - System.nanoTime()) / PART_OF_TIME;
    this.queue = queue;
    this.bytes = queue == null ? Long.MAX_VALUE : chunk.bytes();
  }

  /**
   * The queue of a small chunk, if it is the same for all; else null. A missing exchange makes the
   * broker close the channel, and a queue that does not confirm makes all of a channel wait:
   * neither may harm companions.
   */
  static @Nullable String soleQueue(Chunk chunk) {
    if (chunk.size() == 0 || chunk.size() > MOST_EVENTS || chunk.bytes() > MOST_BYTES) {
      return null;
    }
    String queue = chunk.routingKey(0);
    for (int i = 0; i < chunk.size(); i++) {
      if (!chunk.exchange(i).isEmpty() || !chunk.routingKey(i).equals(queue)) {
        return null;
      }
    }
    return queue;
  }

  int events() {
    return chunk.size();
  }

  long bytes() {
    return bytes;
  }

  /** The queue of all its events, for which it may go with others; null when it goes alone. */
  @Nullable String queue() {
    return queue;
  }

  boolean canGoWith(WaitingChunk other) {
    return queue != null
        && queue.equals(other.queue)
        && !isGone()
        && !isLate()
        && Math.abs(deadline - other.deadline) <= Math.min(apart, other.apart);
  }

  /** Whether it has what it waits for, or its thread waits no longer. */
  boolean isGone() {
    return ready.isDone();
  }

  /** Whether it is too late to send it, so that its thread is about to leave. */
  boolean isLate() {
    return latestStart - System.nanoTime() <= 0;
  }

  /** It may be published now, by its own thread; false if that waits no longer. */
  boolean giveTurn() {
    return ready.complete(null);
  }

  /** Its thread waits no longer, after an error; false when it has a turn, which is to be ended. */
  boolean leave(Error failure) {
    return ready.completeExceptionally(failure)
        || ready.isCompletedExceptionally()
        || ready.join() != null;
  }

  void publishedTogether(Published published) {
    ready.complete(published);
  }

  void failed(Throwable failure) {
    ready.completeExceptionally(failure);
  }

  /**
   * Waits.
   *
   * @return null when the chunk has a turn, for the caller to publish it and end the turn; else the
   *     result of publishing it with others
   * @throws TimeoutException when it had no turn in time, so that nothing was sent
   * @throws InterruptedException when the thread is interrupted, and nothing was sent
   */
  @Nullable Published await(Turns turns) throws TimeoutException, InterruptedException {
    try {
      return await(latestStart);
    } catch (TimeoutException e) {
      if (turns.leave(this)) {
        throw new TimeoutException("no channel became free; " + turns.most(queue));
      }
    } catch (InterruptedException e) {
      if (turns.leave(this)) {
        throw e;
      }
      return interrupted();
    }
    try {
      return await(deadline + NEWS_NANOS);
    } catch (TimeoutException e) {
      return orUnknown("no confirm came within the publish timeout");
    } catch (InterruptedException e) {
      return interrupted();
    }
  }

  /** With a turn its caller publishes on, as one that was interrupted later; else others do. */
  private @Nullable Published interrupted() {
    Thread.currentThread().interrupt();
    return orUnknown("interrupted while waiting for confirms");
  }

  /** Waits no longer. A turn that it got at this moment is used, so that it ends. */
  private @Nullable Published orUnknown(String reason) {
    Published unknown = unknown(reason);
    ready.complete(unknown);
    return ready.isCompletedExceptionally() ? unknown : ready.join();
  }

  private @Nullable Published await(long until) throws TimeoutException, InterruptedException {
    try {
      return ready.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return unknown(Reasons.of(e));
    }
  }

  private Published unknown(String reason) {
    return new Published(
        Collections.nCopies(chunk.size(), Outcome.unknown(reason)), ShutdownKind.NONE, true);
  }
}
