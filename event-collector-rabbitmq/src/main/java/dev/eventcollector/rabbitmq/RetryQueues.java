package dev.eventcollector.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import dev.eventcollector.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where failed deliveries wait for their next attempt, and where they are parked at last.
 *
 * <p>There is one queue for each delay, so that the first in it is always the first to be due. The
 * worker itself moves messages back when they are due, with a confirm and then an acknowledgement:
 * the broker's own way, a time-to-live with dead-lettering, can lose messages on the way (RabbitMQ
 * documentation, "Dead Letter Exchanges", safety) and needs queue arguments that differ from broker
 * to broker. Everything that matters is in the messages, so it survives a restart of either side.
 */
final class RetryQueues {

  private static final Logger LOGGER = LoggerFactory.getLogger(RabbitMqWorker.class);

  /** How many messages of a delay are held in memory, waiting for their time. */
  private static final int PREFETCH = 10;

  private static final long AGAIN_MILLIS = 1_000;

  private final String queue;
  private final String deadQueue;
  private final List<Duration> delays;
  private final ConfirmedMoves moves;
  private final ScheduledExecutorService timer;
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  RetryQueues(
      String queue,
      String deadQueue,
      List<Duration> delays,
      ConfirmedMoves moves,
      ScheduledExecutorService timer) {
    this.queue = queue;
    this.deadQueue = deadQueue;
    this.delays = delays;
    this.moves = moves;
    this.timer = timer;
  }

  static String delayQueue(String queue, Duration delay) {
    long seconds = delay.toSeconds();
    return delay.toMillis() % 1_000 == 0
        ? queue + ".retry." + seconds + "s"
        : queue + ".retry." + delay.toMillis() + "ms";
  }

  /** The delay before the next attempt; null when there is to be none. */
  @Nullable Duration delayAfter(int attempt) {
    return attempt <= delays.size() ? delays.get(attempt - 1) : null;
  }

  /** Puts the message where it waits for its next attempt. */
  void delay(BasicProperties properties, byte[] body, Failure failure, Duration delay)
      throws IOException {
    move(delayQueue(queue, delay), failure.addedTo(properties, delay), body);
  }

  /** Puts the message where it stays until somebody looks at it. */
  void park(BasicProperties properties, byte[] body, Failure failure) throws IOException {
    move(deadQueue, failure.addedTo(properties, null), body);
  }

  /**
   * Moves a message.
   *
   * @throws IOException when the broker did not confirm it, so that it may or may not be there
   */
  private void move(String to, BasicProperties properties, byte[] body) throws IOException {
    Outcome outcome = moves.move(to, properties, body);
    if (!outcome.isConfirmed()) {
      throw new IOException("a message could not be moved to " + to + ": " + outcome);
    }
  }

  /** Makes sure that all queues exist, and begins to move back what is due. */
  void open(Connection connection) throws IOException {
    ensure(connection, deadQueue);
    for (Duration delay : List.copyOf(new LinkedHashSet<>(delays))) {
      String delayQueue = delayQueue(queue, delay);
      ensure(connection, delayQueue);
      Channel channel = connection.createChannel();
      channel.basicQos(PREFETCH);
      channel.basicConsume(delayQueue, false, new Waiting(channel));
    }
  }

  private void ensure(Connection connection, String holdingQueue) throws IOException {
    String risk = Topology.ensureHoldingQueue(connection, holdingQueue);
    if (risk != null && warnedOf.add(holdingQueue)) {
      LOGGER.warn("{}", risk);
    }
  }

  private final class Waiting extends DefaultConsumer {

    Waiting(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      long tag = envelope.getDeliveryTag();
      Instant dueAt = Failure.dueAt(Failure.headersOf(properties));
      long wait = Math.max(0, Duration.between(Instant.now(), dueAt).toMillis());
      later(() -> moveBack(tag, properties, body), wait);
    }

    private void moveBack(long tag, BasicProperties properties, byte[] body) {
      if (!getChannel().isOpen()) {
        return; // the broker has it back
      }
      try {
        move(queue, properties, body);
        getChannel().basicAck(tag, false);
      } catch (IOException | ShutdownSignalException e) {
        LOGGER.warn("a delivery of {} could not be retried yet: {}", queue, Reasons.of(e));
        later(() -> moveBack(tag, properties, body), AGAIN_MILLIS);
      }
    }

    private void later(Runnable task, long millis) {
      try {
        timer.schedule(task, millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOGGER.debug("the worker is being closed, so the broker gets it back", e);
      }
    }
  }

  void close() {
    moves.close();
  }
}
