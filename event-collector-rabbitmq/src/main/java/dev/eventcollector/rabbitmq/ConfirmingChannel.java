package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Event;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A channel in confirm mode that publishes one chunk at a time and knows the outcome of every event
 * in it. After anything but a full set of answers it is {@linkplain #isReusable() not reusable}: a
 * late answer would be credited to a later event.
 */
final class ConfirmingChannel {

  private static final int PERSISTENT = 2;

  private final Channel channel;
  private final BrokerSocket socket;
  private volatile @Nullable ChunkConfirms current;
  private boolean reusable = true;

  /** Puts the channel into confirm mode. */
  ConfirmingChannel(Channel channel, BrokerSocket socket) throws IOException {
    this.channel = channel;
    this.socket = socket;
    channel.addConfirmListener(
        (tag, multiple) -> whileCurrent(confirms -> confirms.acked(tag, multiple)),
        (tag, multiple) -> whileCurrent(confirms -> confirms.nacked(tag, multiple)));
    channel.addReturnListener((Return returned) -> whileCurrent(c -> returned(c, returned)));
    channel.addShutdownListener(cause -> whileCurrent(confirms -> shutDown(confirms, cause)));
    channel.confirmSelect();
  }

  private void whileCurrent(Consumer<ChunkConfirms> what) {
    ChunkConfirms confirms = current;
    if (confirms != null) {
      what.accept(confirms);
    }
  }

  private static void returned(ChunkConfirms confirms, Return returned) {
    confirms.returned(
        returned.getProperties().getMessageId(),
        returned.getRoutingKey(),
        returned.getReplyCode() + " " + returned.getReplyText());
  }

  private static void shutDown(ChunkConfirms confirms, ShutdownSignalException cause) {
    boolean channelErrorByBroker = !cause.isHardError() && !cause.isInitiatedByApplication();
    confirms.shutDown(Reasons.of(cause), channelErrorByBroker);
  }

  /**
   * Publishes the chunk, or its first part.
   *
   * @return outcomes of the first events. There are fewer than events when the last of them was
   *     refused by the client, or, with no outcome at all, when the channel was closed before; the
   *     others can then still be sent on another channel
   */
  List<Outcome> publish(List<Event> chunk, String exchange, Watchdog.Watch watch, long deadline) {
    ChunkConfirms confirms = new ChunkConfirms(chunk, channel.getNextPublishSeqNo());
    current = confirms;
    reusable = false; // until every answer has come, whatever happens
    if (!channel.isOpen()) { // its shutdown may have come before there was anybody to tell
      return List.of();
    }
    int written = 0;
    try {
      socket.cork();
      try {
        for (Event event : chunk) {
          channel.basicPublish(exchange, event.queue(), true, properties(event), event.body());
          written++;
        }
      } finally {
        socket.uncork();
      }
    } catch (IOException | ShutdownSignalException e) {
      return brokenOff(confirms, written, watch, e);
    } catch (RuntimeException e) { // thrown while frames are made, before any of them is written
      watch.close();
      return refusedByClient(confirms, written, Reasons.of(e), deadline);
    }
    watch.close();
    return awaitOutcomes(confirms, chunk.size(), deadline);
  }

  static BasicProperties properties(Event event) {
    return new BasicProperties.Builder()
        .messageId(event.id())
        .contentType(event.contentType())
        .headers(event.headers().isEmpty() ? null : event.headers())
        .deliveryMode(PERSISTENT)
        .build();
  }

  /** The client took a sequence number for it, so this channel's later confirms would be off. */
  private List<Outcome> refusedByClient(
      ChunkConfirms confirms, int written, String reason, long deadline) {
    confirms.sentOnly(written);
    List<Outcome> outcomes = new ArrayList<>(awaitOutcomes(confirms, written, deadline));
    reusable = false;
    outcomes.add(Outcome.refused(reason));
    return outcomes;
  }

  /** What was written may have arrived, wholly or in part; the rest surely has not. */
  private List<Outcome> brokenOff(
      ChunkConfirms confirms, int written, Watchdog.Watch watch, Exception e) {
    String reason =
        watch.hasBitten()
            ? "the connection took no more data within the publish timeout"
            : confirms.shutdownReasonOr(Reasons.of(e));
    int touched = Math.min(written + 1, confirms.size());
    List<Outcome> outcomes = new ArrayList<>(confirms.outcomes(touched, Outcome.unknown(reason)));
    for (int i = touched; i < confirms.size(); i++) {
      outcomes.add(Outcome.notSent(reason));
    }
    return outcomes;
  }

  private List<Outcome> awaitOutcomes(ChunkConfirms confirms, int count, long deadline) {
    String reason;
    try {
      boolean complete = confirms.await(deadline);
      reusable = complete && !confirms.isShutDown();
      reason = confirms.shutdownReasonOr("no confirm came within the publish timeout");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted while waiting for confirms";
    }
    return confirms.outcomes(count, Outcome.unknown(reason));
  }

  /** Whether every event so far was answered, on a channel that is open. */
  boolean isReusable() {
    return reusable && channel.isOpen();
  }

  /** Closes the channel without waiting longer than the connection's RPC timeout. */
  void abort() {
    try {
      channel.abort();
    } catch (IOException | RuntimeException e) {
      // It is being thrown away because it is broken; what else it has to say does not matter.
    }
  }
}
