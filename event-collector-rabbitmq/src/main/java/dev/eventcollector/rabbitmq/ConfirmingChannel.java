package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
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

  private final Channel channel;
  private final PublishWriter writer;
  private volatile @Nullable ChunkConfirms current;
  private long nextTag = 1; // counted from confirm.select on
  private boolean reusable = true;

  /** Puts the channel into confirm mode. */
  ConfirmingChannel(AMQConnection connection, Channel channel) throws IOException {
    this.channel = channel;
    this.writer = new PublishWriter(connection, channel);
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
   * @return outcomes of the first events. There are fewer than events when the last of them cannot
   *     be sent by AMQP, or, with no outcome at all, when the channel was closed before; the others
   *     can then still be sent
   */
  List<Outcome> publish(List<Event> chunk, String exchange, Watchdog.Watch watch, long deadline) {
    ChunkConfirms confirms = new ChunkConfirms(chunk, nextTag);
    current = confirms;
    reusable = false; // until every answer has come, whatever happens
    if (!channel.isOpen()) { // its shutdown may have come before there was anybody to tell
      return List.of();
    }
    int written = 0;
    int added = 0;
    @Nullable String refusal = null;
    try {
      for (Event event : chunk) {
        try {
          writer.add(exchange, event);
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
    } catch (AlreadyClosedException e) { // of what was added last nothing was written
      return written == 0 ? List.of() : brokenOff(confirms, written, watch, e);
    } catch (IOException | ShutdownSignalException e) {
      return brokenOff(confirms, added, watch, e);
    }
    watch.close();
    nextTag += added;
    if (refusal == null) {
      return awaitOutcomes(confirms, added, deadline);
    }
    confirms.sentOnly(added);
    List<Outcome> outcomes = new ArrayList<>(awaitOutcomes(confirms, added, deadline));
    outcomes.add(Outcome.refused(refusal));
    return outcomes;
  }

  /** Of what was touched each may have arrived, wholly or in part; the rest surely has not. */
  private static List<Outcome> brokenOff(
      ChunkConfirms confirms, int touched, Watchdog.Watch watch, Exception e) {
    String reason =
        watch.hasBitten()
            ? "the connection took no more data within the publish timeout"
            : confirms.shutdownReasonOr(Reasons.of(e));
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
