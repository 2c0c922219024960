package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel in confirm mode that publishes one chunk at a time and knows the outcome of every
 * message in it. Without a full set of answers it is {@linkplain #isReusable() not reusable}: a
 * late answer would be credited to a later message.
 */
final class ConfirmingChannel {

  private static final long LONGEST_PROBE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_WAIT_FOR_CAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Channel channel;
  private final PublishWriter writer;
  private volatile @Nullable ChunkConfirms current; // between chunks, the last one
  private volatile @Nullable ChunkConfirms nackedBefore;
  private long nextTag = 1; // sequence numbers start with confirm.select
  private boolean reusable = true;

  /** Puts the channel into confirm mode. */
  ConfirmingChannel(AMQConnection connection, Channel channel) throws IOException {
    this.channel = channel;
    this.writer = new PublishWriter(connection, channel);
    channel.addConfirmListener(
        (tag, multiple) -> whileCurrent(confirms -> confirms.acked(tag, multiple)),
        (tag, multiple) -> whileCurrent(confirms -> confirms.nacked(tag, multiple)));
    channel.addReturnListener(this::returned);
    channel.addShutdownListener(cause -> whileCurrent(confirms -> shutDown(confirms, cause)));
    channel.confirmSelect();
  }

  private void whileCurrent(Consumer<ChunkConfirms> what) {
    ChunkConfirms confirms = current;
    if (confirms != null) {
      what.accept(confirms);
    }
  }

  /** Broker-J returns a message after its nack, when the next chunk may be in progress. */
  private void returned(Return message) {
    ChunkConfirms confirms = current;
    if (confirms == null) {
      return;
    }
    String id = message.getProperties().getMessageId();
    String exchange = message.getExchange();
    String key = message.getRoutingKey();
    String reason = message.getReplyCode() + " " + message.getReplyText();
    if (!confirms.returned(id, exchange, key, reason)) {
      ChunkConfirms earlier = nackedBefore;
      if (earlier == null || !earlier.returned(id, exchange, key, reason)) {
        confirms.returnedUnrecognized(id, key, reason);
      }
    }
  }

  private static void shutDown(ChunkConfirms confirms, ShutdownSignalException cause) {
    confirms.shutDown(Reasons.of(cause), ShutdownKind.of(cause));
  }

  /**
   * Publishes the chunk, or its first part.
   *
   * @param deadline for writing it and for the answers
   * @param maxWait the longest wait for the answers after writing, in nanoseconds
   */
  Published publish(Chunk chunk, Watchdog.Watch watch, long deadline, long maxWait) {
    ChunkConfirms confirms = new ChunkConfirms(chunk, nextTag);
    current = confirms;
    reusable = false; // until every answer has come
    if (!channel.isOpen()) { // its shutdown may have come before the listener
      return Published.nothing(channel.getCloseReason());
    }
    int written = 0;
    int added = 0;
    @Nullable String refusal = null;
    try {
      for (int i = 0; i < chunk.size(); i++) {
        try {
          writer.add(chunk, i);
        } catch (RuntimeException e) {
          refusal = Reasons.of(e);
          break;
        }
        added++;
        if (writer.isFull()) {
          writer.write();
          written = added;
        }
      }
      writer.flush();
    } catch (AlreadyClosedException e) { // nothing of the last batch was written
      return written == 0 ? Published.nothing(e) : brokenOff(confirms, written, watch, e);
    } catch (IOException | ShutdownSignalException e) {
      return brokenOff(confirms, added, watch, e);
    }
    watch.close();
    nextTag += added;
    if (refusal != null) {
      confirms.sentOnly(added);
    }
    long wait = Math.min(deadline - System.nanoTime(), maxWait);
    List<Outcome> outcomes = awaitOutcomes(confirms, added, watch, wait);
    if (refusal != null) {
      outcomes.add(Outcome.refused(refusal));
    }
    return new Published(outcomes, confirms.shutdownKind());
  }

  /** Touched messages may have arrived, wholly or in part; the rest certainly have not. */
  private Published brokenOff(
      ChunkConfirms confirms, int touched, Watchdog.Watch watch, Exception e) {
    ShutdownSignalException cause = channel.getCloseReason();
    if (cause == null && e instanceof IOException && !watch.hasBitten()) {
      cause = awaitCause(confirms);
    }
    if (cause != null) { // the client knows before it calls its listeners
      shutDown(confirms, cause);
    }
    String reason =
        watch.hasBitten()
            ? "the connection took no more data within the publish timeout"
            : confirms.shutdownReasonOr(Reasons.of(e));
    List<Outcome> outcomes = confirms.outcomes(touched, Outcome.unknown(reason));
    for (int i = touched; i < confirms.size(); i++) {
      outcomes.add(Outcome.notSent(reason));
    }
    return new Published(outcomes, confirms.shutdownKind());
  }

  /** A write may fail before the reader has read the broker's reason for closing. */
  private @Nullable ShutdownSignalException awaitCause(ChunkConfirms confirms) {
    try {
      confirms.await(System.nanoTime() + LONGEST_WAIT_FOR_CAUSE_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return channel.getCloseReason();
  }

  private List<Outcome> awaitOutcomes(
      ChunkConfirms confirms, int count, Watchdog.Watch watch, long wait) {
    Outcome withoutAnswer;
    try {
      long deadline = System.nanoTime() + wait;
      long probeAt = deadline - Math.min(wait / 4, LONGEST_PROBE_NANOS);
      boolean complete = confirms.await(probeAt);
      boolean answers = false;
      if (!complete && confirms.shutdownKind() == ShutdownKind.NONE) {
        CompletableFuture<Command> answer = probe(watch);
        complete = confirms.await(deadline);
        answers = answer.isDone() && !answer.isCompletedExceptionally();
      }
      if (complete) { // and the messages can be forgotten
        nackedBefore = confirms.hasNacked() ? confirms : null;
      }
      boolean open = confirms.shutdownKind() == ShutdownKind.NONE;
      reusable = complete && open;
      withoutAnswer =
          answers && open
              ? Outcome.unanswered("the broker works, but sent no confirm in time")
              : Outcome.unknown(
                  confirms.shutdownReasonOr("no confirm came within the publish timeout"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      withoutAnswer = Outcome.unknown("interrupted while waiting for confirms");
    }
    return confirms.outcomes(count, withoutAnswer);
  }

  /**
   * Selects again the mode that the channel is already in. The answer shows that the broker has
   * processed all earlier messages; those without a confirm wait in their queue.
   */
  private CompletableFuture<Command> probe(Watchdog.Watch watch) {
    watch.again();
    try {
      return channel.asyncCompletableRpc(new AMQP.Confirm.Select.Builder().build());
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    } finally {
      watch.release();
    }
  }

  /** Whether every message so far was answered, on a channel that is open. */
  boolean isReusable() {
    return reusable && channel.isOpen();
  }

  /** The client's channel, to discard it. */
  Channel client() {
    return channel;
  }
}
