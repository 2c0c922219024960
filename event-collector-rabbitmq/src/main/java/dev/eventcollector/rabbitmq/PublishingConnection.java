package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection for publishing only, with its channels, one per turn. */
final class PublishingConnection {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqEventPublisher.class);

  private final OpenConnection open;
  private final Executor background;
  private final Turns turns;
  private final ConcurrentLinkedDeque<ConfirmingChannel> idle = new ConcurrentLinkedDeque<>();
  private final Queue<Channel> discarded = new ConcurrentLinkedQueue<>();
  private final Instant since = Instant.now();
  private final IntConsumer tooManyChannels;
  private final AtomicBoolean hadTooMany = new AtomicBoolean();
  private volatile @Nullable String blockedReason;

  /**
   * A connection for publishing only.
   *
   * @param tooManyChannels told once, if the broker closes the connection over one more channel
   *     than it allows the user, or itself: how many of its channels were wanted
   */
  PublishingConnection(
      OpenConnection open, int maxChannels, Executor background, IntConsumer tooManyChannels) {
    this.open = open;
    this.background = background;
    this.tooManyChannels = tooManyChannels;
    int brokersLimit = open.connection().getChannelMax();
    this.turns = new Turns(brokersLimit == 0 ? maxChannels : Math.min(maxChannels, brokersLimit));
    open.connection()
        .addBlockedListener(
            new BlockedListener() {
              @Override
              public void handleBlocked(String reason) {
                blockedReason = reason;
                LOGGER.warn("{} blocks publishing: {}", open.address(), reason);
              }

              @Override
              public void handleUnblocked() {
                blockedReason = null;
                LOGGER.info("{} no longer blocks publishing", open.address());
              }
            });
  }

  boolean isOpen() {
    return open.connection().isOpen() && !open.socket().isClosed();
  }

  BrokerSocket socket() {
    return open.socket();
  }

  Instant since() {
    return since;
  }

  /** Why the broker accepts no messages at the moment; null when it does. */
  @Nullable String blockedReason() {
    return blockedReason;
  }

  /** Each turn may use a channel. */
  Turns turns() {
    return turns;
  }

  /** A channel for the calling thread alone, to be returned before its turn ends. */
  ConfirmingChannel takeChannel() throws IOException {
    ConfirmingChannel channel = idle.pollFirst();
    if (channel != null && channel.isReusable()) {
      return channel;
    }
    Channel fresh = null;
    try {
      fresh = open.connection().createChannel();
      if (fresh == null) {
        throw new IOException("the connection has no channel left");
      }
      return new ConfirmingChannel(open.connection(), fresh);
    } catch (IOException e) { // the client keeps the number of a channel that was not answered
      Channel unanswered = fresh;
      if (e instanceof ChannelContinuationTimeoutException late
          && late.getChannel() instanceof Channel its) {
        unanswered = its;
      }
      if (unanswered != null) {
        discard(unanswered);
      }
      if (allowsNoMoreChannels() && !hadTooMany.getAndSet(true)) {
        tooManyChannels.accept(turns.used());
      }
      throw e;
    }
  }

  /** RabbitMQ has limits of channels besides that of the connection: of a user, and of a node. */
  private boolean allowsNoMoreChannels() {
    ShutdownSignalException cause = open.connection().getCloseReason();
    return cause != null
        && cause.getReason() instanceof AMQP.Connection.Close close
        && close.getReplyCode() == AMQP.NOT_ALLOWED
        && close.getReplyText().contains("number of channels");
  }

  /** Takes a channel back, for the next thread or to discard it. */
  void giveBack(ConfirmingChannel channel) {
    if (channel.isReusable()) {
      idle.addFirst(channel);
    } else {
      discard(channel.client());
    }
  }

  private void discard(Channel channel) {
    if (!isOpen()) {
      return;
    }
    discarded.add(channel);
    try {
      background.execute(this::abortDiscarded);
    } catch (RejectedExecutionException e) {
      LOGGER.debug("closing the publisher, which closes the channel too", e);
    } catch (OutOfMemoryError e) { // no more threads: with the next one
      LOGGER.debug("no thread to close a channel with");
    }
  }

  /** Waits for the broker's answers no longer than the RPC timeout, each time. */
  private void abortDiscarded() {
    for (Channel one = discarded.poll(); one != null; one = discarded.poll()) {
      try {
        one.abort();
      } catch (IOException | RuntimeException e) {
        LOGGER.debug("a channel that is discarded as broken could not be closed", e);
      }
    }
  }

  void close(int timeoutMillis) {
    open.close(timeoutMillis);
  }
}
